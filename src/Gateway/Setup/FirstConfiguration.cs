using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Broker;
using Gateway.Cli;
using Gateway.Core;
using Gateway.Users;

namespace Gateway.Setup;

/// <summary>Writes the configuration that a new gateway begins with: it runs as it is, and what is commented out in it works when it is not.</summary>
/// <param name="found">What is there.</param>
/// <param name="answers">What was said.</param>
/// <param name="data">gateway.data; null: the standard folder.</param>
internal sealed class FirstConfiguration(Surroundings found, FirstAnswers answers, string? data)
{
    private readonly StringBuilder _text = new();

    public string Write()
    {
        _text.Append("""
            # The configuration of this edge gateway, written by edge-gateway init. What is commented out is an example, or the default.
            #   edge-gateway check           says what is wrong with it, or what it would run
            #   edge-gateway schema --text   lists every key with its default
            # More files may be put into conf.d beside it.


            """);
        WriteGateway();
        WriteBroker();
        WriteHardware();
        WriteLinks();
        WriteBridges();
        return _text.ToString();
    }

    private void WriteGateway()
    {
        Line("gateway:");
        Line(answers.Id is { } id
            ? $"  id: {Scalar(id)}   # unique and stable: upstream tells gateways apart by it"
            : "  # id: gw-berlin-01   # unique and stable; left out, it is made at the first start and kept in the data folder");
        Line($"  root: {Scalar(answers.Root)}   # the first levels of all topics");
        Line(data is null ? $"  # data: {GatewayOptions.DefaultData}" : $"  data: {Scalar(data)}   # journal, users, identity: must outlive restarts");
        Line("  # clock: trusted   # for a battery clock without NTP");
        Line();
    }

    private void WriteBroker()
    {
        var folder = data ?? GatewayOptions.DefaultData;
        Line("broker:");
        Line("  # Open to the LAN, for users only; programs on this machine need none. The first start makes the user installer,");
        Line($"  # its password is in {FirstUser.PasswordFileIn(folder)} until you change it: edge-gateway user passwd {FirstUser.Name}");
        if (found.Port != ListenerOptions.DefaultPort)
        {
            Line($"  # Port {ListenerOptions.DefaultPort} was taken by {(found.PortHolder is { } holder ? Words.Safe(holder) : "another program")} when this was written.");
        }

        Line("  listeners:");
        Line($"    - {{ bind: 0.0.0.0, port: {found.Port.ToString(CultureInfo.InvariantCulture)} }}{Reached()}");
        Line("    # - { bind: 0.0.0.0, port: 8883, tls: { certificate: server.crt, key: server.key } }");
        Line();
    }

    private string Reached() => found.Addresses.FirstOrDefault() is { } address ? $"   # this machine was {new IPEndPoint(address, found.Port)} when this was written" : "";

    private string SerialPort() => Scalar(found.Serial.Count > 0 ? found.Serial[0].Path : "/dev/serial/by-id/usb-FTDI_A50285BI");

    /// <summary>Another one than that of the Modbus line.</summary>
    private string ModemPort() => Scalar(found.Serial.Count > 1 ? found.Serial[1].Path : "/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0");

    private void WriteRadioLinks(string indent)
    {
        Line($"{indent}- {{ id: radio, type: ble, unknown: list }}   # Bluetooth sensors; edge-gateway scan ble shows them, with the lines for devices");
        Line($"{indent}- {{ id: field, type: lora, modem: rylr998, serial-port: {ModemPort()}, region: eu868, frequency: 868.1MHz, unknown: list }}   # edge-gateway scan lora");
    }

    private void WriteHardware()
    {
        if (found.Serial.Count > 0)
        {
            Line("# Serial lines of this machine (edge-gateway ports says what stands in the way of using them):");
            foreach (var adapter in found.Serial)
            {
                Line($"#   {Listed(adapter.Path, adapter.Driver, adapter.Product)}");
            }

            Line();
        }

        if (found.Radios.Count > 0)
        {
            Line("# Bluetooth controllers of this machine (edge-gateway scan ble shows who is in range of them):");
            foreach (var radio in found.Radios)
            {
                Line($"#   {Listed(radio.Name, radio.Address, radio.Driver)}");
            }

            Line();
        }
    }

    private void WriteLinks()
    {
        if (answers.Modbus is not var (host, port))
        {
            _text.Append($$"""
                # Nothing is read yet. Uncomment this and write the device's address, unit id and registers (zero-based, from its manual):
                # links:
                #   - { id: plc, type: modbus-tcp, host: 192.0.2.20, port: 502 }
                #   - { id: rs485-1, type: modbus-rtu, serial-port: {{SerialPort()}}, baud: 19200, parity: even, stop-bits: 1 }

                """);
            WriteRadioLinks("#   ");
            _text.Append("""
                # devices:
                #   - id: device-1
                #     link: plc
                #     unit-id: 1
                #     points:
                #       - { id: temperature, register: holding 0, type: int16, scale: 0.1, unit: "°C", every: 1s }
                #       - { id: setpoint, register: holding 1, type: int16, scale: 0.1, unit: "°C", write: { min: 20, max: 80 } }


                """);
            return;
        }

        Line("links:");
        Line($"  - {{ id: plc, type: modbus-tcp, host: {Scalar(host)}, port: {port.ToString(CultureInfo.InvariantCulture)} }}");
        WriteRadioLinks("  # ");
        _text.Append("""
            devices:
              - id: device-1
                link: plc
                unit-id: 1
                points:
                  # One register to begin with: replace it by those of the device's manual. Addresses are zero-based (40001 is holding 0).
                  - { id: register-0, register: holding 0, type: uint16, every: 1s }
                  # - { id: temperature, register: holding 1, type: int16, scale: 0.1, unit: "°C", every: 1s, report: { change: 0.5, at-least: 60s } }
                  # - { id: setpoint, register: holding 2, type: int16, scale: 0.1, unit: "°C", write: { min: 20, max: 80 } }


            """);
    }

    private void WriteBridges()
    {
        var mark = answers.Cloud is null ? "# " : "";
        Line(answers.Cloud is null
            ? "# A broker upstream. What it has not acknowledged is kept on disk; it is sent when the line is back."
            : "# What the broker upstream has not acknowledged is kept on disk; it is sent when the line is back.");
        Line($"{mark}bridges:");
        Line($"{mark}  - id: cloud");
        Line($"{mark}    servers: [{JsonString(answers.Cloud?.ToString() ?? "mqtts://cloud.example:8883")}]   # tried in order; mqtts:// is TLS");
        Line("#     username: gw-berlin-01");
        Line("#     password: { file: cloud.secret }   # a file beside this one, readable for the gateway only");
        Line($"{mark}    forward: [standard]   # readings, presence, health and answers of this gateway's devices");
        Line($"{mark}    import: [commands]    # commands to them");
        Line("#     outbox: { size: 1GiB, age: 7d }");
    }

    private void Line(string line = "") => _text.Append(line).Append('\n');

    /// <summary>What a plugged-in device says of itself must not end the comment.</summary>
    private static string Listed(params string?[] words) => string.Join(", ", words.OfType<string>().Select(Words.Safe));

    /// <summary>As it is if YAML leaves it alone, else in quotes.</summary>
    private static string Scalar(string text) =>
        text is not ("null" or "Null" or "NULL") && (char.IsAsciiLetterOrDigit(text[0]) || text[0] is '/' or '.') && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-')
            ? text
            : JsonString(text);

    /// <summary>YAML 1.2 reads JSON's strings.</summary>
    private static string JsonString(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
