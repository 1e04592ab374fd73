using System.Text;
using Gateway.Adapters.Lora;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>The wire format of each dialect, written from the manuals once more, so that framers are not judged by themselves.</summary>
internal static class Dialects
{
    public static readonly string[] All = ["reyax", "microchip", "seeed", "rak", "rak-old", "frames", "frames of 2018", "frames without strength", "pattern"];

    private static readonly System.Text.RegularExpressions.Regex s_pattern = PatternFramer.Compile("^RX (?<from>[0-9]+) (?<payload>[0-9A-F]+) (?<rssi>-?[0-9]+)$");

    public static ModemFramer Framer(string dialect) => dialect switch
    {
        "reyax" => new ReyaxFramer(),
        "microchip" => new MicrochipFramer(),
        "seeed" => new SeeedFramer(),
        "rak" or "rak-old" => new RakFramer(),
        "frames" => new TransparentFramer(RssiByte.Complement, hasFrames: true),
        "frames of 2018" => new TransparentFramer(RssiByte.Half, hasFrames: true),
        "frames without strength" => new TransparentFramer(RssiByte.None, hasFrames: true),
        _ => new PatternFramer(s_pattern, PayloadEncoding.Hex),
    };

    public static bool HasFrames(string dialect) => dialect.StartsWith("frames", StringComparison.Ordinal);

    /// <summary>A packet of random bytes, rich in what is special on the wire.</summary>
    public static byte[] Payload(string dialect, Random random)
    {
        if (HasFrames(dialect))
        {
            var inner = Special(random, random.Next(0, 40));
            return new NodeFrame((FrameKind)random.Next(3), (ushort)random.Next(1, 65535), (uint)random.Next(), (byte)random.Next(256), inner).ToBytes();
        }

        return Special(random, random.Next(1, 60));
    }

    /// <summary>As the modem says it.</summary>
    public static byte[] Wire(string dialect, byte[] payload, int from, int rssi, int snr)
    {
        var hex = Convert.ToHexString(payload);
        return dialect switch
        {
            "reyax" => [.. Encoding.ASCII.GetBytes($"+RCV={from},{payload.Length},"), .. payload, .. Encoding.ASCII.GetBytes($",{rssi},{snr}\r\n")],
            "microchip" => Encoding.ASCII.GetBytes($"radio_rx  {hex}\r\n"),
            "seeed" => Encoding.ASCII.GetBytes($"\r\n+TEST: LEN:{payload.Length}, RSSI:{rssi}, SNR:{snr}\r\n+TEST: RX \"{hex}\"\r\n"),
            "rak" => Encoding.ASCII.GetBytes($"+EVT:RXP2P:{rssi}:{snr}:{hex}\r\n"),
            "rak-old" => Encoding.ASCII.GetBytes($"\r\n+EVT:RXP2P, RSSI {rssi}, SNR {snr}\r\n+EVT:{hex}\r\n"),
            "frames" => [.. payload, (byte)(rssi + 256)],
            "frames of 2018" => [.. payload, (byte)(-2 * rssi)],
            "frames without strength" => payload,
            _ => Encoding.ASCII.GetBytes($"RX {from} {hex} {rssi}\r\n"),
        };
    }

    /// <summary>What must be found of it.</summary>
    public static string Expected(string dialect, byte[] payload, int from, int rssi, int snr) =>
        Convert.ToHexStringLower(payload) + (dialect is "reyax" or "pattern" ? $" from {from}" : "") + (dialect is "microchip" or "frames without strength" ? "" : $" {rssi} dBm")
        + (dialect is "microchip" or "pattern" || HasFrames(dialect) ? "" : $" {snr} dB");

    /// <summary>What else it says: answers, events, banners.</summary>
    public static string[] Lines(string dialect) => dialect switch
    {
        "reyax" => ["+OK", "+READY", "+ERR=17", "+ADDRESS=3"],
        "microchip" => ["ok", "radio_err", "busy", "4294967245", "RN2483 1.0.5 Oct 31 2018 15:06:52", "radio_tx_ok"],
        "seeed" => ["+AT: OK", "+TEST: RXLRPKT", "+TEST: TX DONE", "+INFO: Input timeout", "+MODE: TEST"],
        "rak" or "rak-old" => ["OK", "AT_BUSY_ERROR", "+EVT:TXP2P DONE", "+EVT:RXP2P RECEIVE TIMEOUT", "Current Work Mode: LoRa P2P."],
        "pattern" => ["OK", "RX", "RX 1", "booted"],
        _ => [],
    };

    private static byte[] Special(Random random, int length)
    {
        ReadOnlySpan<byte> special = [(byte)'\r', (byte)'\n', (byte)',', (byte)'+', (byte)'-', (byte)'1', (byte)'"', 0, 0xFF, NodeFrame.Magic0, NodeFrame.Magic1];
        var bytes = new byte[length];
        random.NextBytes(bytes);
        for (var i = 0; i < length; i++)
        {
            bytes[i] = random.Next(2) == 0 ? special[random.Next(special.Length)] : bytes[i];
        }

        return bytes;
    }
}
