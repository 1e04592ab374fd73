using System.CommandLine;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway scan</c>: which devices are there.</summary>
internal static class ScanCommand
{
    private const string Meaning = """
        Looks for devices on a line: edge-gateway scan modbus --help.

        Modbus is what can be scanned today.
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog) => new TaughtCommand("scan", Meaning) { ScanModbusCommand.Create(catalog) };
}
