using Gateway.Adapters;
using Gateway.Cli;

var parsed = CommandLine.Create(AdapterCatalog.All).Parse(args);
var code = await parsed.InvokeAsync();

// The library says 1 for a wrong command line; for us, 1 is a failure at work.
return parsed.Errors.Count > 0 ? ExitCode.WrongUsage : code;
