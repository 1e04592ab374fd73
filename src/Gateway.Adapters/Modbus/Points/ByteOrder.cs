namespace Gateway.Adapters.Modbus;

/// <summary>In which order the bytes of a value lie in its registers. A is the most significant byte of 32 bits, A…H of 64.</summary>
/// <remarks>
/// The protocol fixes the bytes of one register (big-endian) and says nothing of values that take several, so devices differ: bytes, registers and,
/// with 64 bits, pairs of registers are each swapped or not. The four short names say what most devices do with all widths.
/// <code>
///            16 bits  32 bits  64 bits
/// ABCD       AB       ABCD     ABCDEFGH   big-endian
/// CDAB       AB       CDAB     GHEFCDAB   least significant register first
/// BADC       BA       BADC     BADCFEHG   bytes of each register swapped
/// DCBA       BA       DCBA     HGFEDCBA   little-endian
/// EFGHABCD                     EFGHABCD   two big-endian halves, the least significant first
/// CDABGHEF                     CDABGHEF   two halves, registers swapped in each
/// FEHGBADC                     FEHGBADC   as EFGHABCD, bytes swapped
/// DCBAHGFE                     DCBAHGFE   two little-endian halves, the most significant first
/// </code>
/// Texts and bytes that take more registers follow the same idea: CDAB begins with the last register, BADC swaps the two bytes of each, DCBA does both.
/// </remarks>
public enum ByteOrder : byte
{
    Abcd = 0,
    Cdab = ByteOrders.Words | ByteOrders.Pairs,
    Badc = ByteOrders.Bytes,
    Dcba = ByteOrders.Bytes | ByteOrders.Words | ByteOrders.Pairs,
    Efghabcd = ByteOrders.Pairs,
    Cdabghef = ByteOrders.Words,
    Fehgbadc = ByteOrders.Bytes | ByteOrders.Pairs,
    Dcbahgfe = ByteOrders.Bytes | ByteOrders.Words,
}

public static class ByteOrders
{
    // What is swapped. Each swap is its own inverse, and their sequence does not matter.
    internal const byte Bytes = 1;
    internal const byte Words = 2;
    internal const byte Pairs = 4;

    /// <summary>Those of all widths.</summary>
    public static IReadOnlyList<ByteOrder> Common { get; } = [ByteOrder.Abcd, ByteOrder.Cdab, ByteOrder.Badc, ByteOrder.Dcba];

    /// <summary>Those of 64 bits only.</summary>
    public static IReadOnlyList<ByteOrder> OfFourRegisters { get; } = [ByteOrder.Efghabcd, ByteOrder.Cdabghef, ByteOrder.Fehgbadc, ByteOrder.Dcbahgfe];

    /// <summary>As written in <c>order: CDAB</c>.</summary>
    public static string Word(this ByteOrder order) => order switch
    {
        ByteOrder.Abcd => "ABCD",
        ByteOrder.Cdab => "CDAB",
        ByteOrder.Badc => "BADC",
        ByteOrder.Dcba => "DCBA",
        ByteOrder.Efghabcd => "EFGHABCD",
        ByteOrder.Cdabghef => "CDABGHEF",
        ByteOrder.Fehgbadc => "FEHGBADC",
        _ => "DCBAHGFE",
    };

    internal static bool Swaps(this ByteOrder order, byte what) => ((byte)order & what) != 0;
}
