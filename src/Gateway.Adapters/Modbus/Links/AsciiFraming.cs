namespace Gateway.Adapters.Modbus;

/// <summary>Frames of hexadecimal digits with an LRC.</summary>
internal sealed class AsciiFraming : IFraming
{
    public int Largest => AsciiFrame.Largest;

    public int FrameLength(int pdu) => (2 * pdu) + AsciiFrame.Overhead;

    public int Write(Span<byte> frame, byte unit, ReadOnlySpan<byte> pdu) => AsciiFrame.Write(frame, unit, pdu);

    public bool TryFind(ReadOnlySpan<byte> bytes, byte unit, ReadOnlySpan<byte> request, Span<byte> pdu, out int length) =>
        AsciiFrame.TryFind(bytes, unit, request, pdu, out length);

    public bool MayBegin(ReadOnlySpan<byte> bytes, byte unit, byte function) => AsciiFrame.MayBegin(bytes, unit, function);
}
