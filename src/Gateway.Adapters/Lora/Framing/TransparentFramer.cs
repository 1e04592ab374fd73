namespace Gateway.Adapters.Lora;

/// <summary>How an EBYTE module says the signal strength in the byte behind a packet.</summary>
public enum RssiByte : byte
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>−(256 − byte) dBm: manuals from 2020 on.</summary>
    Complement,

    /// <summary>−byte / 2 dBm: firmware of 2018.</summary>
    Half,
}

/// <summary>EBYTE E22, E220, E32 and other transparent modems: the bytes as they were sent, and perhaps one for the signal strength.</summary>
/// <remarks>
/// "E22-xxxT22S product user manual", registers REG1 and REG3. Nothing tells where a packet ends but silence; with the own frame its length and checksum do, and silence is not needed.
/// </remarks>
/// <param name="rssi">The byte behind each packet.</param>
/// <param name="hasFrames">The nodes speak <see cref="NodeFrame"/>.</param>
internal sealed class TransparentFramer(RssiByte rssi, bool hasFrames) : ModemFramer
{
    /// <summary>"Sub packet setting: 240 bytes" and the strength.</summary>
    private const int LongestPacket = 241;

    private int RssiLength => rssi == RssiByte.None ? 0 : 1;

    protected override bool EndsWithPause => !hasFrames;

    protected override int Take(ReadOnlySpan<byte> bytes, bool isIdle, IModemSink sink) => hasFrames ? Framed(bytes, isIdle, sink) : Burst(bytes, isIdle, sink);

    private int Framed(ReadOnlySpan<byte> bytes, bool isIdle, IModemSink sink)
    {
        var start = bytes.IndexOf(NodeFrame.Magic0);
        if (start != 0)
        {
            sink.Noise(start < 0 ? bytes.Length : start);
            return start < 0 ? bytes.Length : start;
        }

        var length = NodeFrame.Measure(bytes);
        if (length < 0 || (length == 0 && isIdle))
        {
            // Only its first byte is given up: the next frame may be inside of what it claims.
            sink.Noise(1);
            return 1;
        }

        if (length == 0 || (bytes.Length < length + RssiLength && !isIdle))
        {
            return 0;
        }

        var hasRssi = bytes.Length >= length + RssiLength;
        sink.Packet(new(bytes[..length].ToArray(), null, hasRssi && RssiLength > 0 ? Strength(bytes[length]) : null));
        return hasRssi ? length + RssiLength : length;
    }

    private int Burst(ReadOnlySpan<byte> bytes, bool isIdle, IModemSink sink)
    {
        if (!isIdle && bytes.Length <= LongestPacket)
        {
            return 0;
        }

        if (bytes.Length > LongestPacket || bytes.Length <= RssiLength)
        {
            // Packets without a pause between them, which nothing can tell apart; or a strength without a packet.
            sink.Noise(bytes.Length);
            return bytes.Length;
        }

        sink.Packet(new(bytes[..^RssiLength].ToArray(), null, RssiLength > 0 ? Strength(bytes[^1]) : null));
        return bytes.Length;
    }

    private decimal Strength(byte value) => rssi == RssiByte.Half ? -value / 2m : value - 256;
}
