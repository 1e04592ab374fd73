namespace Gateway.Adapters.Lora;

/// <summary>REYAX RYLR896 and RYLR998: <c>+RCV=address,length,data,rssi,snr</c>, where the data may hold anything, line ends and commas included.</summary>
/// <remarks>"LoRa AT Command Guide" 56312E33 (RYLR998, RYLR498) and 56322E33 (RYLR896, RYLR406), section +RCV. So the length says where the data ends, never a line end.</remarks>
internal sealed class ReyaxFramer : LineFramer
{
    /// <summary>"Payload: from 0 to 240 bytes" (AT+SEND).</summary>
    public const int LongestData = 240;

    private static ReadOnlySpan<byte> Marker => "+RCV="u8;

    protected override int Take(ReadOnlySpan<byte> bytes, bool isIdle, IModemSink sink)
    {
        var near = bytes[..Math.Min(bytes.Length, LongestLine)];
        var at = near.IndexOf(Marker);
        if (at < 0 || near[..at].Contains((byte)'\n'))
        {
            return TakeLine(bytes, isIdle, sink);
        }

        if (at > 0)
        {
            IsSkipping = false;
            sink.Noise(at);
            return at;
        }

        var length = Record(bytes, out var packet);
        if (length > 0)
        {
            IsSkipping = false;
            sink.Packet(packet);
            return length;
        }

        if (length == 0 && !isIdle)
        {
            return 0;
        }

        // Its length cannot be trusted: the packets behind it may be inside of what it claims, so only its own first line is given up.
        IsSkipping = true;
        sink.Noise(Marker.Length);
        return Marker.Length;
    }

    /// <summary>It started again in the middle of a packet.</summary>
    protected override void Skipped(ReadOnlySpan<byte> line, int length, IModemSink sink)
    {
        var banner = "+READY"u8;
        if (line.EndsWith(banner))
        {
            sink.Noise(length - banner.Length);
            sink.Line(Text(banner));
        }
        else
        {
            sink.Noise(length);
        }
    }

    protected override void Line(ReadOnlySpan<byte> line, IModemSink sink)
    {
        // Every line of this make begins so; an echo or the rest of something else may stand in front.
        var plus = line.LastIndexOf((byte)'+');
        if (plus != 0)
        {
            sink.Noise(plus < 0 ? line.Length : plus);
        }

        if (plus >= 0)
        {
            sink.Line(Text(line[plus..]));
        }
    }

    /// <returns>Its bytes; 0: more are needed; −1: it is damaged.</returns>
    private static int Record(ReadOnlySpan<byte> bytes, out HeardPacket packet)
    {
        packet = default;
        var at = Marker.Length;
        var header = Number(bytes, ref at, (byte)',', 65535, out var address);
        if (header <= 0)
        {
            return header;
        }

        header = Number(bytes, ref at, (byte)',', LongestData, out var length);
        if (header <= 0)
        {
            return header;
        }

        if (bytes.Length <= at + length)
        {
            return 0;
        }

        var data = bytes.Slice(at, length);
        at += length;
        if (bytes[at++] != (byte)',')
        {
            return -1;
        }

        return Tail(bytes, ref at, out var rssi, out var snr) is var tail and <= 0 ? tail : Done(data, address, rssi, snr, at, out packet);
    }

    private static int Done(ReadOnlySpan<byte> data, int address, decimal rssi, decimal snr, int end, out HeardPacket packet)
    {
        packet = new(data.ToArray(), address, rssi, snr);
        return end;
    }

    /// <summary>A number without a sign, and what ends it.</summary>
    private static int Number(ReadOnlySpan<byte> bytes, ref int at, byte end, int most, out int number)
    {
        number = 0;
        for (var digits = 0; ; digits++)
        {
            if (at == bytes.Length)
            {
                return 0;
            }

            var next = bytes[at++];
            if (next == end && digits > 0)
            {
                return 1;
            }

            if (!char.IsAsciiDigit((char)next) || (number = (number * 10) + next - '0') > most)
            {
                return -1;
            }
        }
    }

    /// <summary><c>-50,4</c> and the line end.</summary>
    private static int Tail(ReadOnlySpan<byte> bytes, ref int at, out decimal rssi, out decimal snr)
    {
        const int longest = 16;
        (rssi, snr) = (0, 0);
        var rest = bytes[at..];
        var end = rest[..Math.Min(rest.Length, longest)].IndexOf((byte)'\n');
        if (end < 0)
        {
            return rest.Length >= longest || rest.ContainsAnyExcept("-0123456789.,\r"u8) ? -1 : 0;
        }

        var numbers = rest[..end].TrimEnd((byte)'\r');
        at += end + 1;
        return HexBytes.TakeNumber(ref numbers, ","u8, out rssi) && HexBytes.TakeNumber(ref numbers, [], out snr) ? 1 : -1;
    }
}
