namespace Gateway.Adapters.Modbus;

/// <summary>Binary frames with a CRC.</summary>
internal sealed class RtuFraming : IFraming
{
    public int Largest => RtuFrame.Largest;

    public int FrameLength(int pdu) => pdu + RtuFrame.Overhead;

    public int Write(Span<byte> frame, byte unit, ReadOnlySpan<byte> pdu) => RtuFrame.Write(frame, unit, pdu);

    public bool TryFind(ReadOnlySpan<byte> bytes, byte unit, ReadOnlySpan<byte> request, Span<byte> pdu, out int length)
    {
        var isFound = RtuFrame.TryFind(bytes, unit, request, out var found);
        found.CopyTo(pdu);
        length = found.Length;
        return isFound;
    }

    public bool MayBegin(ReadOnlySpan<byte> bytes, byte unit, byte function) => RtuFrame.MayBegin(bytes, unit, function);
}
