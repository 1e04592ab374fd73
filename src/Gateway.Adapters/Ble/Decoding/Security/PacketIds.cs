namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Tells copies of a packet: a sensor sends each several times, under the same number of eight bits.</summary>
/// <remarks>As the reference implementation of BTHome does: within 4 s of the last one heard, only the next 63 numbers are new; later, any is.</remarks>
internal sealed class PacketIds(TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(4);

    private const byte Ahead = 64;

    private bool _isKnown;
    private byte _last;
    private long _heardAt;

    /// <summary>Whether the packet is a copy; remembers it.</summary>
    public bool IsRepeated(byte id, long heardAt)
    {
        var isRepeated = _isKnown && (byte)(id - _last) is 0 or >= Ahead && time.GetElapsedTime(_heardAt, heardAt) <= Window;
        _heardAt = heardAt;
        if (!isRepeated)
        {
            (_isKnown, _last) = (true, id);
        }

        return isRepeated;
    }
}
