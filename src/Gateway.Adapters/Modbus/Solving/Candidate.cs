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
    /// <summary>Its signed twin fits as well: which of them it is shows only when the value falls below zero or grows large.</summary>
    public bool OrSigned { get; init; }

    /// <summary>As it is read.</summary>
    public RegisterRange Range => new(Space, Address, Type.Width());
}
