namespace Gateway.Simulators;

/// <summary>The server's side of a serial line's framing.</summary>
internal interface ISerialRequests
{
    /// <summary>Looks for the first whole request.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="taken">How many bytes are done with.</param>
    /// <returns>Unit and PDU; empty: there is no whole one.</returns>
    byte[] Find(ReadOnlySpan<byte> bytes, out int taken);

    byte[] Frame(byte unit, ReadOnlySpan<byte> pdu);

    /// <summary>Makes the frame's checksum wrong.</summary>
    void Damage(Span<byte> frame);
}
