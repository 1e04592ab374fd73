namespace Gateway.Adapters.Modbus;

/// <summary>In which order the bytes of a value lie in its registers. A is the most significant byte of 32 bits, A…H of 64.</summary>
/// <remarks>
/// The protocol fixes the bytes of one register (big-endian) and says nothing of values that take several, so devices differ.
/// <code>
///          16 bits  32 bits  64 bits
/// ABCD     AB       ABCD     ABCDEFGH   big-endian
/// CDAB     AB       CDAB     GHEFCDAB   least significant register first
/// BADC     BA       BADC     BADCFEHG   bytes of each register swapped
/// DCBA     BA       DCBA     HGFEDCBA   little-endian
/// </code>
/// </remarks>
public enum ByteOrder : byte
{
    Abcd,
    Cdab,
    Badc,
    Dcba,
}

public static class ByteOrders
{
    /// <summary>As written in <c>order: CDAB</c>.</summary>
    public static string Word(this ByteOrder order) => order switch
    {
        ByteOrder.Abcd => "ABCD",
        ByteOrder.Cdab => "CDAB",
        ByteOrder.Badc => "BADC",
        _ => "DCBA",
    };
}
