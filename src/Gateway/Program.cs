using System.CommandLine;
using System.CommandLine.Invocation;
using Gateway.Adapters;
using Gateway.Cli;

// Commands that stop in order handle signals themselves: the library would end the process 2 s after one.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
var parsed = CommandLine.Create(AdapterCatalog.All).Parse(args);
try
{
    if (MetricsHelp.IsAskedFor(args))
    {
        Console.Out.Write(MetricsHelp.Text());
        return ExitCode.Done;
    }

    var code = await parsed.InvokeAsync(invocation);

    // The library says 1 for a wrong command line; for us, 1 is a failure at work. Who asks for help need not have written the rest.
    return parsed.Action is ParseErrorAction ? ExitCode.WrongUsage : code;
}
catch (IOException e)
{
    // Standard output on a full disk, mostly: commands put their own work into words of their own.
    Console.Error.WriteLine($"edge-gateway: {e.Message}");
    return ExitCode.Failed;
}
catch (Exception e)
{
    Console.Error.WriteLine($"edge-gateway: a mistake of this program, please report it: {e}");
    return ExitCode.Failed;
}
