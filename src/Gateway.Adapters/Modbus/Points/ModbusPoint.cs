using System.Globalization;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Where a point lies in its device, and how its bits are understood.</summary>
/// <param name="Space">Which of the four tables.</param>
/// <param name="Address">Zero-based protocol address of its first register or its bit.</param>
/// <param name="Type">How the bits are understood; <see cref="ModbusType.Bool"/> in the bit tables and only there.</param>
/// <param name="Order">Order of its bytes.</param>
public sealed record ModbusPoint(RegisterSpace Space, ushort Address, ModbusType Type, ByteOrder Order = ByteOrder.Abcd) : PointAddress
{
    /// <summary>What follows the type's word: the number of a bit (0 to 15), the bytes of a string or of bytes.</summary>
    public int Number { get; init; }

    /// <summary>The bits of an integer that count; null: all.</summary>
    public ulong? Mask { get; init; }

    /// <summary>By how much an integer is shifted to the right, after the mask.</summary>
    public int Shift { get; init; }

    /// <summary>Raw values that mean no value.</summary>
    public Sentinels NotANumber { get; init; } = Sentinels.None;

    /// <summary>How a part of a register is written.</summary>
    public PartWrites PartWrites { get; init; }

    public TextEncoding Encoding { get; init; }

    public TextTrim Trim { get; init; }

    /// <summary>Registers, or bits in the bit tables.</summary>
    public int Width => Type.IsText() ? (Number + 1) / 2 : Type.Width();

    /// <summary>One behind its last register.</summary>
    public int End => Address + Width;

    /// <summary>The type as it is written, with what follows it.</summary>
    public string TypeWord => Type == ModbusType.Bit || Type.IsText() ? string.Create(CultureInfo.InvariantCulture, $"{Type.Word()} {Number}") : Type.Word();

    public override string ToString() =>
        $"{Space.Word()} {Address} {TypeWord}{(Order == ByteOrder.Abcd ? "" : $" {Order.Word()}")}{(Mask is { } mask ? $" mask 0x{mask:X}" : "")}{(Shift > 0 ? $" shift {Shift}" : "")}";
}

/// <summary>How a part of a register is written so that its other bits stay.</summary>
public enum PartWrites : byte
{
    /// <summary>Function 22: the device does it (V1.1b3 §6.16). Many have no such function.</summary>
    MaskWrite,

    /// <summary>Read, and write the whole register: what the device itself changes in between is overwritten.</summary>
    ReadModifyWrite,
}

/// <summary>How the bytes of a text are understood.</summary>
public enum TextEncoding : byte
{
    /// <summary>Of which ASCII is a part.</summary>
    Utf8,
    Latin1,

    /// <summary>One register for each character.</summary>
    Utf16,
}

/// <summary>What of a text is padding.</summary>
public enum TextTrim : byte
{
    /// <summary>From the first zero on, and spaces at the end.</summary>
    End,

    /// <summary>Spaces in front as well.</summary>
    Both,

    /// <summary>Nothing.</summary>
    None,
}

/// <param name="UnitId">Unit identifier: the device behind a gateway; devices with an address of their own mostly want 1, 0 or 255.</param>
public sealed record ModbusDevice(byte UnitId) : DeviceAddress
{
    /// <summary>1: what devices ship with.</summary>
    public const byte DefaultUnitId = 1;

    /// <summary>How the register numbers of its points are counted.</summary>
    public AddressBase AddressBase { get; init; }

    /// <summary>How its points are put together into reads.</summary>
    public PlanOverrides Plan { get; init; } = PlanOverrides.None;

    public override string ToString() => $"unit {UnitId}";
}

/// <summary>How a manual counts registers.</summary>
public enum AddressBase : byte
{
    /// <summary>As the protocol does: holding 0 is the first.</summary>
    Zero,

    /// <summary>holding 1 is the first.</summary>
    One,

    /// <summary>40001 is the first holding register, 30001 the first input, 10001 the first discrete, 00001 the first coil; also with six digits.</summary>
    Modicon,
}
