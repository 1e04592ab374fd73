using System.Globalization;
using System.Text;

namespace Gateway.Simulators;

/// <summary>REYAX RYLR998 ("LoRa AT Command Guide" 56312E33).</summary>
public sealed class SimulatedReyax : SimulatedModem
{
    private static readonly Dictionary<string, string> s_defaults = new(StringComparer.Ordinal) { ["BAND"] = "915000000", ["PARAMETER"] = "9,7,1,12", ["CRFOP"] = "22" };

    public override bool IsListening => Settings.ContainsKey("BAND") && Settings.ContainsKey("PARAMETER");

    protected override byte[] Banner => "+READY\r\n"u8.ToArray();

    protected override string Busy => "+ERR=17";

    protected override void Begin()
    {
    }

    protected override byte[] Packet(byte[] payload, int from, int rssi, int snr) =>
        [.. Encoding.ASCII.GetBytes($"+RCV={from},{payload.Length},"), .. payload, .. Encoding.ASCII.GetBytes($",{rssi},{snr}\r\n")];

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("AT+SEND="u8))
        {
            return base.Take(bytes);
        }

        // The data may hold line ends: its length stands in front.
        var text = Encoding.Latin1.GetString(bytes);
        var parts = text[8..].Split(',', 3);
        if (parts.Length < 3 || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var length))
        {
            return 0;
        }

        var start = 8 + parts[0].Length + 1 + parts[1].Length + 1;
        if (bytes.Length < start + length + 2)
        {
            return 0;
        }

        var data = bytes.Slice(start, length).ToArray();
        var to = int.Parse(parts[0], CultureInfo.InvariantCulture);
        Obey(() =>
        {
            Send(data, to);
            Answer("+OK");
        });
        return start + length + 2;
    }

    protected override void Command(string line)
    {
        if (line == "AT")
        {
            Answer("+OK");
        }
        else if (line.StartsWith("AT+", StringComparison.Ordinal) && line.EndsWith('?') && s_defaults.TryGetValue(line[3..^1], out var value))
        {
            Answer($"+{line[3..^1]}={Settings.GetValueOrDefault(line[3..^1], value)}");
        }
        else if (line.StartsWith("AT+", StringComparison.Ordinal) && line.IndexOf('=') is > 0 and var at)
        {
            Settings[line[3..at]] = line[(at + 1)..];
            Answer("+OK");
        }
        else
        {
            Answer("+ERR=4");
        }
    }
}
