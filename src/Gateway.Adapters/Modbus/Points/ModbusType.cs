namespace Gateway.Adapters.Modbus;

/// <summary>How the bits of a point are understood.</summary>
public enum ModbusType : byte
{
    /// <summary>A coil or a discrete.</summary>
    Bool,

    /// <summary>One bit of a register; 0 is the least significant.</summary>
    Bit,
    Int8Hi,
    Int8Lo,
    UInt8Hi,
    UInt8Lo,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,

    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,

    /// <summary>Four decimal digits, one in each half byte.</summary>
    Bcd16,

    /// <summary>Eight decimal digits.</summary>
    Bcd32,

    /// <summary>Text of so many bytes, two in a register.</summary>
    String,

    /// <summary>So many bytes, as hexadecimal text.</summary>
    Bytes,
}

public static class ModbusTypes
{
    /// <summary>Registers that one value takes (a bool: one bit). Those of texts and bytes depend on their length: <see cref="ModbusPoint.Width"/>.</summary>
    public static int Width(this ModbusType type) => type switch
    {
        ModbusType.Int32 or ModbusType.UInt32 or ModbusType.Float32 or ModbusType.Bcd32 => 2,
        ModbusType.Int64 or ModbusType.UInt64 or ModbusType.Float64 => 4,
        ModbusType.String or ModbusType.Bytes => throw new ArgumentOutOfRangeException(nameof(type), type, "its width depends on its length"),
        _ => 1,
    };

    public static bool IsFloat(this ModbusType type) => type is ModbusType.Float16 or ModbusType.Float32 or ModbusType.Float64;

    /// <summary>Text, or bytes as text.</summary>
    public static bool IsText(this ModbusType type) => type is ModbusType.String or ModbusType.Bytes;

    /// <summary>True or false.</summary>
    public static bool IsBoolean(this ModbusType type) => type is ModbusType.Bool or ModbusType.Bit;

    public static bool IsBcd(this ModbusType type) => type is ModbusType.Bcd16 or ModbusType.Bcd32;

    /// <summary>Half a register.</summary>
    public static bool IsByte(this ModbusType type) => type is ModbusType.Int8Hi or ModbusType.Int8Lo or ModbusType.UInt8Hi or ModbusType.UInt8Lo;

    /// <summary>A number in two's complement or without a sign, from 8 to 64 bits.</summary>
    public static bool IsInteger(this ModbusType type) => type is >= ModbusType.Int8Hi and <= ModbusType.UInt64;

    internal static bool IsSigned(this ModbusType type) =>
        type is ModbusType.Int8Hi or ModbusType.Int8Lo or ModbusType.Int16 or ModbusType.Int32 or ModbusType.Int64;

    /// <summary>As written in <c>type: float32</c>; a number follows bit, string and bytes.</summary>
    public static string Word(this ModbusType type) => type switch
    {
        ModbusType.Bool => "bool",
        ModbusType.Bit => "bit",
        ModbusType.Int8Hi => "int8 hi",
        ModbusType.Int8Lo => "int8 lo",
        ModbusType.UInt8Hi => "uint8 hi",
        ModbusType.UInt8Lo => "uint8 lo",
        ModbusType.Int16 => "int16",
        ModbusType.UInt16 => "uint16",
        ModbusType.Int32 => "int32",
        ModbusType.UInt32 => "uint32",
        ModbusType.Int64 => "int64",
        ModbusType.UInt64 => "uint64",
        ModbusType.Float16 => "float16",
        ModbusType.Float32 => "float32",
        ModbusType.Float64 => "float64",
        ModbusType.Bcd16 => "bcd16",
        ModbusType.Bcd32 => "bcd32",
        ModbusType.String => "string",
        _ => "bytes",
    };
}
