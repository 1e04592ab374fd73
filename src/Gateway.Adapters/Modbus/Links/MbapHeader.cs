using System.Buffers.Binary;

namespace Gateway.Adapters.Modbus;

/// <summary>The seven bytes before a PDU on TCP (Modbus Messaging on TCP/IP V1.0b §3.1.3).</summary>
/// <param name="Transaction">Chosen by the client, echoed by the server.</param>
/// <param name="PduLength">Length of the PDU that follows.</param>
/// <param name="Unit">Unit identifier.</param>
public readonly record struct MbapHeader(ushort Transaction, int PduLength, byte Unit)
{
    public const int Size = 7;

    /// <summary>Header and the largest PDU.</summary>
    public const int MaxFrame = Size + ModbusLimits.Pdu;

    // The length field counts the unit identifier as well.
    private const int SmallestLength = 2;
    private const int LargestLength = 1 + ModbusLimits.Pdu;

    public void Write(Span<byte> frame)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame, Transaction);
        BinaryPrimitives.WriteUInt16BigEndian(frame[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame[4..], (ushort)(PduLength + 1));
        frame[6] = Unit;
    }

    /// <param name="frame">At least <see cref="Size"/> bytes.</param>
    /// <param name="header">The header.</param>
    /// <returns>false: not Modbus (protocol identifier not 0, or a length outside 2…254), so the stream has lost its step.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out MbapHeader header)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(frame[4..]);
        header = new(BinaryPrimitives.ReadUInt16BigEndian(frame), length - 1, frame[6]);
        return BinaryPrimitives.ReadUInt16BigEndian(frame[2..]) == 0 && length is >= SmallestLength and <= LargestLength;
    }
}
