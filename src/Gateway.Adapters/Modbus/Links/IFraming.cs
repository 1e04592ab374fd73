namespace Gateway.Adapters.Modbus;

/// <summary>How a PDU stands on a serial line: RTU or ASCII. Neither has a number by which a response could be told from an earlier one.</summary>
internal interface IFraming
{
    /// <summary>The longest frame.</summary>
    int Largest { get; }

    /// <summary>Length of the frame with such a PDU.</summary>
    int FrameLength(int pdu);

    /// <returns>Length of the frame.</returns>
    int Write(Span<byte> frame, byte unit, ReadOnlySpan<byte> pdu);

    /// <summary>Looks for the response among what has come; whatever noise stands before it is passed over.</summary>
    /// <param name="bytes">What has come since the request.</param>
    /// <param name="unit">Who was asked.</param>
    /// <param name="request">What was asked: the request PDU.</param>
    /// <param name="pdu">Gets the response, or an exception.</param>
    /// <param name="length">Of the response.</param>
    bool TryFind(ReadOnlySpan<byte> bytes, byte unit, ReadOnlySpan<byte> request, Span<byte> pdu, out int length);

    /// <summary>Whether a response of this unit to this function may have begun.</summary>
    bool MayBegin(ReadOnlySpan<byte> bytes, byte unit, byte function);
}
