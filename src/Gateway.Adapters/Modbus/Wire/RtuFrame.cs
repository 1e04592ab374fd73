using System.Buffers.Binary;

namespace Gateway.Adapters.Modbus;

/// <summary>A PDU between its unit and its checksum (Modbus over Serial Line V1.02 §2.5.1).</summary>
public static class RtuFrame
{
    /// <summary>Unit identifier before, CRC behind.</summary>
    public const int Overhead = 3;

    /// <summary>256 bytes (§2.5.1).</summary>
    public const int Largest = ModbusLimits.Pdu + Overhead;

    private static readonly ushort[] s_table = MakeTable();

    /// <returns>Length of the frame.</returns>
    public static int Write(Span<byte> frame, byte unit, ReadOnlySpan<byte> pdu)
    {
        frame[0] = unit;
        pdu.CopyTo(frame[1..]);
        var length = 1 + pdu.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(frame[length..], Crc(frame[..length]));
        return length + 2;
    }

    /// <summary>Looks for the response among what has come; whatever noise stands before it is passed over.</summary>
    /// <param name="bytes">What has come since the request.</param>
    /// <param name="unit">Who was asked.</param>
    /// <param name="request">What was asked: the request PDU.</param>
    /// <param name="pdu">The response, or an exception.</param>
    public static bool TryFind(ReadOnlySpan<byte> bytes, byte unit, ReadOnlySpan<byte> request, out ReadOnlySpan<byte> pdu)
    {
        for (var start = 0; start <= bytes.Length - ResponseLength.Exception - Overhead; start++)
        {
            if (bytes[start] != unit || (bytes[start + 1] & ~ResponsePdu.ExceptionBit) != request[0])
            {
                continue;
            }

            var frame = bytes[start..];
            var length = ResponseLength.Of(request, frame[1..]);
            if (length >= 0 && frame.Length >= length + Overhead && IsWhole(frame[..(length + Overhead)]))
            {
                pdu = frame.Slice(1, length);
                return true;
            }
        }

        pdu = default;
        return false;
    }

    /// <summary>Whether a response of this unit to this function may have begun.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> bytes, byte unit, byte function)
    {
        for (var start = 0; start < bytes.Length; start++)
        {
            if (bytes[start] == unit && (start + 1 == bytes.Length || (bytes[start + 1] & ~ResponsePdu.ExceptionBit) == function))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the last two bytes are the checksum of those before, low byte first (§2.5.1.2).</summary>
    public static bool IsWhole(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16LittleEndian(frame[^2..]) == Crc(frame[..^2]);

    /// <summary>CRC-16 with polynomial 0xA001 (reflected), from 0xFFFF (§6.2.2).</summary>
    public static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xFFFF;
        foreach (var value in bytes)
        {
            crc = (ushort)((crc >> 8) ^ s_table[(crc ^ value) & 0xFF]);
        }

        return crc;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (ushort)i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1);
            }

            table[i] = crc;
        }

        return table;
    }
}
