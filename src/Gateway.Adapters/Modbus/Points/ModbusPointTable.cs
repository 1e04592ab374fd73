using System.Numerics;
using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>The keys of a Modbus point.</summary>
internal static class ModbusPointTable
{
    private static readonly TypeKind Types = new();

    private static readonly BitPatternKind Bits = new();

    private static readonly Kind<IReadOnlyList<Sentinel>> SentinelValues = Kinds.OneOrMore(new SentinelKind());

    private static readonly Kind<PartWrites> PartWriting = Kinds.Choice(("mask-write", PartWrites.MaskWrite), ("read-modify-write", PartWrites.ReadModifyWrite));

    private static readonly Kind<TextEncoding> Encodings =
        Kinds.Choice(("utf-8", TextEncoding.Utf8), ("ascii", TextEncoding.Utf8), ("latin-1", TextEncoding.Latin1), ("utf-16", TextEncoding.Utf16));

    private static readonly Kind<TextTrim> Trims = Kinds.Choice(("end", TextTrim.End), ("both", TextTrim.Both), ("none", TextTrim.None));

    private static readonly ChoiceKind<ByteOrder> Orders =
        Kinds.Choice([
            .. ByteOrders.Common.Concat(ByteOrders.OfFourRegisters).Select(o => (o.Word(), o)),
            ("ABCDEFGH", ByteOrder.Abcd), ("GHEFCDAB", ByteOrder.Cdab), ("BADCFEHG", ByteOrder.Badc), ("HGFEDCBA", ByteOrder.Dcba)])
            .Refuse("AB", "\"AB\" is the order of 16 bits only", "write ABCD")
            .Refuse("BA", "\"BA\" is the order of 16 bits only", "write BADC");

    /// <param name="map">The point.</param>
    /// <param name="addressBase">How its device's registers are counted.</param>
    public static ModbusPoint Read(MapReader map, AddressBase addressBase)
    {
        var register = map.Required("register", new RegisterKind(addressBase), "Which table and zero-based protocol address; for manuals that count from 1 or write 40101 see the device's address-base.");
        var bits = register.Space.IsBits();
        var hasType = map.TryOptional("type", Types, "bool for coil and discrete, uint16 for input and holding", "How the bits are understood.", out var type);
        if (!hasType)
        {
            type = new(bits ? ModbusType.Bool : ModbusType.UInt16);
        }

        var order = map.Optional(
            "order", Orders, ByteOrder.Abcd,
            "Order of the bytes of a value: ABCD big-endian, CDAB least significant register first, BADC bytes swapped, DCBA little-endian; four more for 64 bits.");
        var mask = map.Maybe("mask", Bits, "all bits", "The bits of an integer that count, before the shift.");
        var shift = map.Maybe("shift", Kinds.Integer(0, 63, "4"), "so far that the mask's lowest bit is bit 0", "By how many bits an integer is shifted to the right, after the mask.");
        var sentinels = map.Maybe("not-a-number", SentinelValues, "NaN of floats only", "Raw values by which the device says that it has no value, or by-type for what is usual: the most negative signed number, all ones without a sign. The quality is bad then.") ?? [];
        var point = new ModbusPoint(register.Space, register.Address, type.Type, order)
        {
            Number = type.Number,
            Mask = mask,
            Shift = shift ?? (mask is { } m and > 0 ? BitOperations.TrailingZeroCount(m) : 0),
            PartWrites = map.Optional(
                "write-bits", PartWriting, PartWrites.MaskWrite,
                "How a part of a register (bit, int8, uint8, mask) is written: by function 22, which leaves the others in the device; or read-modify-write for devices without it, which overwrites what changes in between."),
            Encoding = map.Optional("encoding", Encodings, TextEncoding.Utf8, "Of a string."),
            Trim = map.Optional("trim", Trims, TextTrim.End, "What of a string is padding: end takes away what follows the first zero, and spaces at the end; both also spaces in front."),
        };
        if (!map.IsSound || ReferenceEquals(register, RegisterKind.Nowhere))
        {
            return point;
        }

        return IsPossible(map, point, hasType) && Fits(map, point) ? point with { NotANumber = Patterns(map, point, sentinels) } : point;
    }

    private static bool IsPossible(MapReader map, ModbusPoint point, bool hasType)
    {
        var bits = point.Space.IsBits();
        if (hasType && bits != (point.Type == ModbusType.Bool))
        {
            map.Wrong(
                "type",
                bits ? $"a {point.Space.Word()} is one bit, not {point.TypeWord}" : $"a bool is one bit, and {point.Space.Word()} {point.Address} has 16",
                bits ? "write type: bool, or leave it out" : "write bit 0 to bit 15, uint16 for all of them, or name a coil or discrete");
            return false;
        }

        if (point.End > ushort.MaxValue + 1)
        {
            map.Wrong("register", $"{point.TypeWord} takes {point.Width} registers and address {point.Address} is too near the last one, 65535", $"write at most {ushort.MaxValue + 1 - point.Width}");
            return false;
        }

        return true;
    }

    /// <summary>Keys that the type has no use for.</summary>
    private static bool Fits(MapReader map, ModbusPoint point)
    {
        var isWide = point.Type is ModbusType.Int64 or ModbusType.UInt64 or ModbusType.Float64;
        if (ByteOrders.OfFourRegisters.Contains(point.Order) && !isWide)
        {
            map.Wrong("order", $"{point.Order.Word()} is an order of 64 bits, and {point.TypeWord} has {point.Width * 16}", "write ABCD, CDAB, BADC or DCBA");
            return false;
        }

        var isMaskable = point.Type is ModbusType.Int16 or ModbusType.UInt16 or ModbusType.Int32 or ModbusType.UInt32 or ModbusType.Int64 or ModbusType.UInt64;
        if (!isMaskable && (point.Mask is not null || point.Shift > 0))
        {
            map.Wrong(point.Mask is not null ? "mask" : "shift", $"mask and shift are for integers of whole registers, not for {point.TypeWord}", "remove it, or write uint16");
            return false;
        }

        if (isMaskable && new BitField(point).IsEmpty)
        {
            map.Wrong(point.Mask is not null ? "mask" : "shift", $"no bit of {point.TypeWord} is left", "write a mask with the bits that count, and a shift by less than they lie up");
            return false;
        }

        if (point.Type != ModbusType.String && (point.Encoding != TextEncoding.Utf8 || point.Trim != TextTrim.End))
        {
            map.Wrong(point.Encoding != TextEncoding.Utf8 ? "encoding" : "trim", $"encoding and trim are for strings, not for {point.TypeWord}", "remove it");
            return false;
        }

        return true;
    }

    private static Sentinels Patterns(MapReader map, ModbusPoint point, IReadOnlyList<Sentinel> sentinels)
    {
        if (sentinels.Count == 0)
        {
            return Sentinels.None;
        }

        if (point.Type.IsBoolean() || point.Type.IsText())
        {
            map.Wrong("not-a-number", $"{point.TypeWord} has no raw value for \"no value\"", "remove it, or read the register as uint16");
            return Sentinels.None;
        }

        var patterns = new List<ulong>();
        foreach (var sentinel in sentinels)
        {
            if (sentinel.Text is null)
            {
                patterns.AddRange(Sentinels.ByType(point.Type).Patterns);
            }
            else if (sentinel.TryBits(point, out var bits))
            {
                patterns.Add(bits);
            }
            else
            {
                map.Wrong("not-a-number", $"{sentinel.Text} is no raw value of {point.TypeWord}", "write the bits of its registers, for example 0x8000, or the unscaled number");
            }
        }

        return new([.. patterns.Distinct()]);
    }
}
