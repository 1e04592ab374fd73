namespace Gateway.Adapters.Modbus;

/// <summary>Raw bit patterns by which a device says that it has no value: of all registers of the point, before a mask; of the byte where it is half a register.</summary>
public sealed class Sentinels(params IReadOnlyList<ulong> patterns) : IEquatable<Sentinels>
{
    public static readonly Sentinels None = new();

    private readonly ulong[] _patterns = [.. patterns];

    public IReadOnlyList<ulong> Patterns => _patterns;

    public bool Contains(ulong bits) => _patterns.Length > 0 && Array.IndexOf(_patterns, bits) >= 0;

    /// <summary>What devices of one type mostly say: the most negative signed integer, all ones without a sign and in BCD. Floats have NaN, which is never a value anyway.</summary>
    public static Sentinels ByType(ModbusType type) => type switch
    {
        ModbusType.Int8Hi or ModbusType.Int8Lo => new(0x80),
        ModbusType.UInt8Hi or ModbusType.UInt8Lo => new(0xFF),
        ModbusType.Int16 => new(0x8000),
        ModbusType.UInt16 or ModbusType.Bcd16 => new(0xFFFF),
        ModbusType.Int32 => new(0x8000_0000),
        ModbusType.UInt32 or ModbusType.Bcd32 => new(0xFFFF_FFFF),
        ModbusType.Int64 => new(0x8000_0000_0000_0000),
        ModbusType.UInt64 => new(ulong.MaxValue),
        _ => None,
    };

    public bool Equals(Sentinels? other) => other is not null && _patterns.AsSpan().SequenceEqual(other._patterns);

    public override bool Equals(object? obj) => Equals(obj as Sentinels);

    public override int GetHashCode() => _patterns.Length;

    public override string ToString() => string.Join(", ", _patterns.Select(p => $"0x{p:X}"));
}
