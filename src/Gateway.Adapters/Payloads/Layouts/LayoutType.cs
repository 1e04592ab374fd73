namespace Gateway.Adapters.Payloads;

/// <summary>How the bytes of a field are understood.</summary>
public enum LayoutType : byte
{
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt24,
    Int24,
    UInt32,
    Int32,
    UInt48,
    Int48,
    UInt64,
    Int64,
    Float16,
    Float32,
    Float64,

    /// <summary>One byte, or one bit of it: anything but 0 is true.</summary>
    Bool,

    /// <summary>UTF-8, of which ASCII is a part.</summary>
    String,

    /// <summary>Bytes, as a text of hexadecimal digits.</summary>
    Bytes,
}

internal static class LayoutTypes
{
    public static string Word(this LayoutType type) => type.ToString().ToLowerInvariant();

    /// <summary>Bytes of a number.</summary>
    public static int Width(this LayoutType type) => type switch
    {
        LayoutType.UInt8 or LayoutType.Int8 or LayoutType.Bool => 1,
        LayoutType.UInt16 or LayoutType.Int16 or LayoutType.Float16 => 2,
        LayoutType.UInt24 or LayoutType.Int24 => 3,
        LayoutType.UInt32 or LayoutType.Int32 or LayoutType.Float32 => 4,
        LayoutType.UInt48 or LayoutType.Int48 => 6,
        LayoutType.UInt64 or LayoutType.Int64 or LayoutType.Float64 => 8,
        _ => 0,
    };

    public static bool IsText(this LayoutType type) => type is LayoutType.String or LayoutType.Bytes;

    public static bool IsFloat(this LayoutType type) => type is LayoutType.Float16 or LayoutType.Float32 or LayoutType.Float64;

    public static bool IsInteger(this LayoutType type) => type < LayoutType.Float16;

    public static bool IsSigned(this LayoutType type) => type is LayoutType.Int8 or LayoutType.Int16 or LayoutType.Int24 or LayoutType.Int32 or LayoutType.Int48 or LayoutType.Int64;
}

/// <summary>A type as it is written in a layout.</summary>
/// <param name="Type">The type.</param>
/// <param name="Length">Bytes of a string or of bytes, where their number is fixed.</param>
/// <param name="LengthIn">The unsigned integer in front of a string or of bytes that says how many; null: it is fixed, or they are the rest.</param>
/// <param name="IsRest">Up to the end of the payload.</param>
public readonly record struct LayoutShape(LayoutType Type, int Length = 0, LayoutType? LengthIn = null, bool IsRest = false)
{
    public override string ToString() => !Type.IsText() ? Type.Word()
        : $"{Type.Word()} {(IsRest ? "rest" : LengthIn is { } type ? type.Word() : Length.ToString(System.Globalization.CultureInfo.InvariantCulture))}";
}
