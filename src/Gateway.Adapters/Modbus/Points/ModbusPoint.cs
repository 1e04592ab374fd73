using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Where a point lies in its device, and how its bits are understood.</summary>
/// <param name="Space">Which of the four tables.</param>
/// <param name="Address">Zero-based protocol address of its first register or its bit.</param>
/// <param name="Type">How the bits are understood; <see cref="ModbusType.Bool"/> in the bit tables and only there.</param>
/// <param name="Order">Order of its bytes.</param>
public sealed record ModbusPoint(RegisterSpace Space, ushort Address, ModbusType Type, ByteOrder Order = ByteOrder.Abcd) : PointAddress
{
    /// <summary>Registers, or bits in the bit tables.</summary>
    public int Width => Type.Width();

    /// <summary>One behind its last register.</summary>
    public int End => Address + Width;

    public override string ToString() =>
        Order == ByteOrder.Abcd ? $"{Space.Word()} {Address} {Type.Word()}" : $"{Space.Word()} {Address} {Type.Word()} {Order.Word()}";
}

/// <param name="UnitId">Unit identifier: the device behind a gateway; devices with an address of their own mostly want 1, 0 or 255.</param>
public sealed record ModbusDevice(byte UnitId) : DeviceAddress
{
    /// <summary>1: what devices ship with.</summary>
    public const byte DefaultUnitId = 1;

    /// <summary>How its points are put together into reads.</summary>
    public PlanOverrides Plan { get; init; } = PlanOverrides.None;
}
