using System.CommandLine;
using Gateway.Adapters;
using Gateway.Cli;

var catalog = AdapterCatalog.All;
var root = new RootCommand("Edge Gateway: field devices to MQTT, and on to the cloud, without losing what it acknowledged.")
{
    RunCommand.Create(catalog),
    CheckCommand.Create(catalog),
    StatusCommand.Create(catalog),
    DemoCommand.Create(catalog),
    SchemaCommand.Create(catalog),
};

TaughtCommand.Teach(root);
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();

// The library says 1 for a wrong command line; for us, 1 is a failure at work.
return parsed.Errors.Count > 0 ? ExitCode.WrongUsage : code;
