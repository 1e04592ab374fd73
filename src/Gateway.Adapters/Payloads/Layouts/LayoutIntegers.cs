namespace Gateway.Adapters.Payloads;

/// <summary>Between bytes and the bits in them, in either order and any width up to 64 bits.</summary>
internal static class LayoutIntegers
{
    public static ulong Read(ReadOnlySpan<byte> bytes, bool isLittleEndian)
    {
        ulong bits = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            bits = (bits << 8) | bytes[isLittleEndian ? bytes.Length - 1 - i : i];
        }

        return bits;
    }

    public static void Write(Span<byte> bytes, ulong bits, bool isLittleEndian)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[isLittleEndian ? i : bytes.Length - 1 - i] = (byte)bits;
            bits >>= 8;
        }
    }

    /// <summary>The number that the counting bits are.</summary>
    /// <param name="field">An integer or a bool.</param>
    /// <param name="bits">Only those that count, from bit 0.</param>
    public static decimal Number(LayoutField field, ulong bits)
    {
        var unused = 64 - field.UsedBits.Count;
        return field.Type.IsSigned() ? (long)(bits << unused) >> unused : bits;
    }

    /// <summary>Smallest and largest number of the counting bits.</summary>
    public static (decimal Min, decimal Max) Range(LayoutField field)
    {
        var unused = 64 - field.UsedBits.Count;
        return field.Type.IsSigned() ? (long.MinValue >> unused, long.MaxValue >> unused) : (0, ulong.MaxValue >> unused);
    }
}
