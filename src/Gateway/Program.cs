using System.CommandLine;
using Gateway.Adapters;
using Gateway.Cli;

// By default the library ends the process 2 s after a signal; a daemon stops in order within 5 s, and the demo waits until everything has arrived.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
var parsed = CommandLine.Create(AdapterCatalog.All).Parse(args);
var code = await parsed.InvokeAsync(invocation);

// The library says 1 for a wrong command line; for us, 1 is a failure at work.
return parsed.Errors.Count > 0 ? ExitCode.WrongUsage : code;
