using System.CommandLine;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary>The command line: one line for each command.</summary>
internal static class CommandLine
{
    /// <param name="catalog">The protocols that are built.</param>
    public static RootCommand Create(IReadOnlyList<IAdapterType> catalog)
    {
        var root = new RootCommand("Edge Gateway: field devices to MQTT, and on to the cloud, without losing what it acknowledged. The figures it keeps: --help metrics.")
        {
            RunCommand.Create(catalog),
            InitCommand.Create(catalog),
            CheckCommand.Create(catalog),
            StatusCommand.Create(catalog),
            ValuesCommand.Create(catalog),
            ReadCommand.Create(catalog),
            WriteCommand.Create(catalog),
            WatchCommand.Create(catalog),
            SolveCommand.Create(catalog),
            ScanCommand.Create(catalog),
            ApplyCommand.Create(catalog),
            OutboxCommand.Create(catalog),
            BackupCommand.Create(catalog),
            RestoreCommand.Create(catalog),
            VerifyCommand.Create(catalog),
            DemoCommand.Create(catalog),
            SimulateCommand.Create(catalog),
            PortsCommand.Create(),
            DoctorCommand.Create(catalog),
            UserCommand.Create(catalog),
            SchemaCommand.Create(catalog),
            TemplatesCommand.Create(),
        };
        TaughtCommand.Teach(root);
        return root;
    }
}
