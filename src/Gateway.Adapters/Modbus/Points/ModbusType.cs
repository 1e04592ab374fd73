namespace Gateway.Adapters.Modbus;

/// <summary>How the bits of a point are understood.</summary>
public enum ModbusType : byte
{
    Bool,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,
}

public static class ModbusTypes
{
    /// <summary>Registers that one value takes (a bool: one bit).</summary>
    public static int Width(this ModbusType type) => type switch
    {
        ModbusType.Bool or ModbusType.Int16 or ModbusType.UInt16 => 1,
        ModbusType.Int32 or ModbusType.UInt32 or ModbusType.Float32 => 2,
        _ => 4,
    };

    public static bool IsFloat(this ModbusType type) => type is ModbusType.Float32 or ModbusType.Float64;

    /// <summary>As written in <c>type: float32</c>.</summary>
    public static string Word(this ModbusType type) => type switch
    {
        ModbusType.Bool => "bool",
        ModbusType.Int16 => "int16",
        ModbusType.UInt16 => "uint16",
        ModbusType.Int32 => "int32",
        ModbusType.UInt32 => "uint32",
        ModbusType.Int64 => "int64",
        ModbusType.UInt64 => "uint64",
        ModbusType.Float32 => "float32",
        _ => "float64",
    };

    /// <summary>Smallest and largest raw integer. Not for bool and the floats.</summary>
    public static (decimal Min, decimal Max) IntegerRange(this ModbusType type) => type switch
    {
        ModbusType.Int16 => (short.MinValue, short.MaxValue),
        ModbusType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        ModbusType.Int32 => (int.MinValue, int.MaxValue),
        ModbusType.UInt32 => (uint.MinValue, uint.MaxValue),
        ModbusType.Int64 => (long.MinValue, long.MaxValue),
        ModbusType.UInt64 => (ulong.MinValue, ulong.MaxValue),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an integer"),
    };
}
