namespace Gateway.Adapters.Modbus;

/// <summary>One way in which registers can be what a display shows.</summary>
/// <param name="Space">Input or holding.</param>
/// <param name="Address">The first register.</param>
/// <param name="Type">How the bits are understood.</param>
/// <param name="Order">Order of the bytes.</param>
/// <param name="Scale">What one raw unit is worth.</param>
/// <param name="Value">The scaled value that was read last.</param>
/// <param name="Cost">How implausible it is; the least stands first.</param>
public sealed record Candidate(RegisterSpace Space, ushort Address, ModbusType Type, ByteOrder Order, decimal Scale, double Value, double Cost)
{
    /// <summary>Its registers that are not zero: wider integers over the same ones read the same.</summary>
    public RegisterRange Core { get; init; }

    /// <summary>As it is read.</summary>
    public RegisterRange Range => new(Space, Address, Type.Width());
}

/// <summary>Readings of the same registers as the same number; which of them it is shows only when the number grows large or falls below zero.</summary>
/// <param name="Best">The most plausible.</param>
/// <param name="Others">The others.</param>
public sealed record CandidateGroup(Candidate Best, IReadOnlyList<Candidate> Others)
{
    /// <summary>The signed integer of the same registers is among the others.</summary>
    public ModbusType? Signed => Others.FirstOrDefault(o => o.Address == Best.Address && o.Order == Best.Order && Best.Type == Unsigned(o.Type))?.Type;

    /// <summary>Wider integers over the zeros beside it are.</summary>
    public bool HasWider => Others.Any(o => o.Type.Width() > Best.Type.Width());

    private static ModbusType? Unsigned(ModbusType type) => type switch
    {
        ModbusType.Int16 => ModbusType.UInt16,
        ModbusType.Int32 => ModbusType.UInt32,
        ModbusType.Int64 => ModbusType.UInt64,
        _ => null,
    };
}
