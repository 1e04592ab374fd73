using System.Buffers.Binary;

namespace Gateway.Adapters.Modbus;

/// <summary>Between the bytes of registers on the wire and the bits of a value, in any <see cref="ByteOrder"/>.</summary>
public static class RegisterCodec
{
    /// <summary>The value's bits, right-aligned.</summary>
    /// <param name="wire">Two bytes for each register, as received; exactly the value's registers.</param>
    /// <param name="order">How the bytes lie.</param>
    public static ulong Read(ReadOnlySpan<byte> wire, ByteOrder order) => wire.Length switch
    {
        2 => Permute16(BinaryPrimitives.ReadUInt16BigEndian(wire), order),
        4 => Permute32(BinaryPrimitives.ReadUInt32BigEndian(wire), order),
        8 => Permute64(BinaryPrimitives.ReadUInt64BigEndian(wire), order),
        _ => throw new ArgumentException("a value takes 1, 2 or 4 registers", nameof(wire)),
    };

    /// <summary>The reverse of <see cref="Read"/>; the length of <paramref name="wire"/> says how many registers.</summary>
    public static void Write(Span<byte> wire, ulong bits, ByteOrder order)
    {
        switch (wire.Length)
        {
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(wire, Permute16((ushort)bits, order));
                break;
            case 4:
                BinaryPrimitives.WriteUInt32BigEndian(wire, Permute32((uint)bits, order));
                break;
            case 8:
                BinaryPrimitives.WriteUInt64BigEndian(wire, Permute64(bits, order));
                break;
            default:
                throw new ArgumentException("a value takes 1, 2 or 4 registers", nameof(wire));
        }
    }

    /// <summary>Brings the bytes of any number of registers into the order A, B, C…, or back: it is its own inverse.</summary>
    public static void Reorder(ReadOnlySpan<byte> from, Span<byte> to, ByteOrder order)
    {
        from.CopyTo(to);
        if (order.Swaps(ByteOrders.Words))
        {
            // Reversed as a whole, the bytes of each register are swapped too.
            to[..from.Length].Reverse();
        }

        if (order.Swaps(ByteOrders.Bytes) != order.Swaps(ByteOrders.Words))
        {
            for (var i = 0; i + 1 < from.Length; i += 2)
            {
                (to[i], to[i + 1]) = (to[i + 1], to[i]);
            }
        }
    }

    // Each permutation is its own inverse, so reading and writing share them.
    private static ushort Permute16(ushort v, ByteOrder order) => order.Swaps(ByteOrders.Bytes) ? BinaryPrimitives.ReverseEndianness(v) : v;

    private static uint Permute32(uint v, ByteOrder order)
    {
        v = order.Swaps(ByteOrders.Words) ? uint.RotateLeft(v, 16) : v;
        return order.Swaps(ByteOrders.Bytes) ? ((v & 0xFF00FF00) >> 8) | ((v & 0x00FF00FF) << 8) : v;
    }

    private static ulong Permute64(ulong v, ByteOrder order)
    {
        v = order.Swaps(ByteOrders.Pairs) ? ulong.RotateLeft(v, 32) : v;
        v = order.Swaps(ByteOrders.Words) ? ((v & 0xFFFF0000_FFFF0000) >> 16) | ((v & 0x0000FFFF_0000FFFF) << 16) : v;
        return order.Swaps(ByteOrders.Bytes) ? ((v & 0xFF00FF00_FF00FF00) >> 8) | ((v & 0x00FF00FF_00FF00FF) << 8) : v;
    }
}
