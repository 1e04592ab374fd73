using Gateway.Adapters.Serial;

namespace Gateway.Adapters.Modbus;

/// <summary>What carries the PDUs of a link: how many characters a frame has, and how long they take where that matters.</summary>
/// <param name="Overhead">Characters of a frame around its PDU.</param>
/// <param name="PerByte">Characters for each byte of the PDU.</param>
/// <param name="Line">The serial line; null: a network, or a line that somebody else keeps.</param>
/// <param name="Silence">What must stand between two frames on the line.</param>
internal readonly record struct WireShape(int Overhead, int PerByte = 1, SerialSettings? Line = null, TimeSpan Silence = default)
{
    public static WireShape Mbap { get; } = new(MbapHeader.Size);

    /// <param name="line">null: behind a device server.</param>
    public static WireShape Rtu(SerialSettings? line) => new(RtuFrame.Overhead, 1, line, line is null ? TimeSpan.Zero : FrameTiming.Rtu(line).Silence);

    /// <param name="line">null: behind a device server.</param>
    public static WireShape Ascii(SerialSettings? line) => new(AsciiFrame.Overhead, 2, line, FrameTiming.Ascii.Silence);

    public int Frame(int pdu) => Overhead + (PerByte * pdu);

    /// <summary>Request, silence, response, and the silence or the pause before the next.</summary>
    /// <returns>null: no line is held.</returns>
    public TimeSpan? TimeOf(int characters, TimeSpan pause) => Line?.Characters(characters) + Silence + (pause > Silence ? pause : Silence);
}
