using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Machine;

namespace Gateway.Cli;

/// <summary><c>edge-gateway ports</c>: what this machine has for field devices.</summary>
internal static class PortsCommand
{
    private const string Meaning = """
        Lists the serial adapters and Bluetooth controllers of this machine, and what stands in the way of using them.

        Write the path it names as serial-port: that of /dev/serial/by-id stays with the adapter, /dev/ttyUSB0 may be another one after a restart.

        The exit code is 0, also when there are none.
        """;

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("ports", Meaning) { json };
        command.SetAction(parsed =>
        {
            var files = new MachineFiles();
            var serial = new SerialAdapters(files, DeviceAccess.IsGranted).Find();
            var radios = new BluetoothControllers(files).Find();
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonOutput.Of(Json(serial, radios)));
            }
            else
            {
                Write(output, serial, radios);
            }

            return ExitCode.Done;
        });
        return command;
    }

    internal static void Write(TextWriter output, IReadOnlyList<SerialAdapter> serial, IReadOnlyList<BluetoothController> radios)
    {
        output.WriteLine("serial adapters");
        foreach (var adapter in serial)
        {
            output.WriteLine($"  {adapter.Path}");
            output.WriteLine($"    {string.Join(", ", ((string?[])[adapter.ById is null ? null : adapter.Device, adapter.Driver ?? "unknown driver", adapter.Product]).OfType<string>())}");
            WriteTrouble(output, adapter.Problem, adapter.Remedy);
        }

        if (serial.Count == 0)
        {
            output.WriteLine("  none; plug one in (dmesg says what the kernel made of it), or switch the UART on (on a Raspberry Pi: raspi-config, Interface Options, Serial Port)");
        }

        output.WriteLine("bluetooth controllers");
        foreach (var radio in radios)
        {
            output.WriteLine($"  {string.Join(", ", ((string?[])[radio.Name, radio.Address, radio.Driver]).OfType<string>())}");
            WriteTrouble(output, radio.Problem, radio.Remedy);
        }

        if (radios.Count == 0)
        {
            output.WriteLine("  none");
        }
    }

    private static void WriteTrouble(TextWriter output, string? problem, string? remedy)
    {
        if (problem is not null)
        {
            output.WriteLine($"    {problem}");
            output.WriteLine($"    → {remedy}");
        }
    }

    private static JsonObject Json(IReadOnlyList<SerialAdapter> serial, IReadOnlyList<BluetoothController> radios) => new()
    {
        ["serial"] = new JsonArray([.. serial.Select(static s => (JsonNode)new JsonObject
        {
            ["path"] = s.Path, ["device"] = s.Device, ["driver"] = s.Driver, ["product"] = s.Product, ["holder"] = s.Holder, ["problem"] = s.Problem, ["remedy"] = s.Remedy,
        })]),
        ["bluetooth"] = new JsonArray([.. radios.Select(static r => (JsonNode)new JsonObject
        {
            ["name"] = r.Name, ["address"] = r.Address, ["driver"] = r.Driver, ["problem"] = r.Problem, ["remedy"] = r.Remedy,
        })]),
    };
}
