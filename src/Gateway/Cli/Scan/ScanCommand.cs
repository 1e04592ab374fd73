using System.CommandLine;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Lora;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway scan</c>: which devices are there.</summary>
internal static class ScanCommand
{
    private const string Meaning = """
        Looks for devices: on a Modbus line or network, or on the air.

          edge-gateway scan modbus --help
          edge-gateway scan ble --help
          edge-gateway scan lora --help
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var command = new TaughtCommand("scan", Meaning) { ScanModbusCommand.Create(catalog) };
        if (catalog.OfType<BleAdapterType>().Any())
        {
            command.Subcommands.Add(ScanBleCommand.Create(catalog));
        }

        if (catalog.OfType<LoraAdapterType>().Any())
        {
            command.Subcommands.Add(ScanLoraCommand.Create(catalog));
        }

        return command;
    }
}
