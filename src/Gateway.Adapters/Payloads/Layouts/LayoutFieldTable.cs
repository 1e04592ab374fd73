using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>The keys of one field of a layout.</summary>
internal static class LayoutFieldTable
{
    public static readonly Kind<bool> ByteOrder = Kinds.Choice(("big", false), ("little", true));

    private static readonly LayoutTypeKind Types = new();

    private static readonly BitRangeKind Bits = new();

    private static readonly Kind<IReadOnlyList<RawNumber>> Sentinels = Kinds.OneOrMore(new RawNumberKind(allowsByType: true));

    private static readonly Kind<PointLabels> Labels = new LabelsKind();

    // As of points: within a decimal's exactness beside any 64-bit integer.
    private static readonly Kind<decimal> Factor = Kinds.Decimal(-1_000_000_000m, 1_000_000_000m);

    /// <param name="isLittleEndian">The order of fields that have none of their own.</param>
    public static Kind<IReadOnlyList<LayoutField>> List(bool isLittleEndian) => Kinds.ListOfUnique(
        new Table<LayoutField>("a field", "{ id: temperature, type: int16, scale: 0.1 }", map => Read(map, isLittleEndian)), "field", f => f.Id, f => f.Position, min: 1);

    private static LayoutField Read(MapReader map, bool isLittleEndian)
    {
        var at = map.Maybe("at", Kinds.Integer(-LayoutTypeKind.MostBytes, LayoutTypeKind.MostBytes, "4"), "behind the field before it", "Its first byte: the payload's first is 0, its last -1.");
        var sentinels = map.Maybe("not-a-number", Sentinels, "NaN of floats only", "Raw values by which the device says that it has no value, or by-type for what is usual: the most negative signed number, all ones without a sign. The quality is bad then.");
        var field = new LayoutField
        {
            Id = map.Required("id", Kinds.Id, "Name of the field."),
            Shape = map.Required("type", Types, "How its bytes are understood; string and bytes with their number, with uint8 or uint16 if the number stands in front of them, or with rest."),
            At = at,
            Skip = map.Optional("skip", Kinds.Integer(0, LayoutTypeKind.MostBytes, "2"), 0, "Bytes in front of it that mean nothing."),
            Bits = map.Maybe("bits", Bits, "all bits", "The bits of an integer or a bool that count; bit 0 is the least significant. Neighbours of the same type share their bytes, as long as no bit is named twice."),
            IsLittleEndian = map.Optional("byte-order", ByteOrder, isLittleEndian, "big: the most significant byte first; little: the least significant."),
            Scale = map.Optional("scale", Factor, 1m, "Multiplied with the raw value, exactly."),
            Offset = map.Optional("offset", Factor, 0m, "Added after scaling."),
            Unit = map.Maybe("unit", new TextKind("a unit", "\"°C\"", longest: 32), "none", "Unit of the scaled value, for people."),
            Labels = map.Maybe("enum", Labels, "none", "Words for raw values, which become the value."),
            IsHidden = map.Optional("hidden", Kinds.Boolean, false, "It is no value: it chooses among cases, or is of no interest."),
            Position = map.Position,
        };
        return map.IsSound && Fits(map, field) ? field with { NotANumber = Patterns(map, field, sentinels ?? []) } : field;
    }

    private static bool Fits(MapReader map, LayoutField field)
    {
        if (field is { At: not null, Skip: > 0 })
        {
            map.Wrong("skip", "at and skip both say where it begins", "remove skip");
            return false;
        }

        var type = field.Shape.ToString();
        if (field.Bits is { } bits && (!(field.Type.IsInteger() || field.Type == LayoutType.Bool) || bits.Last >= field.Type.Width() * 8))
        {
            map.Wrong("bits", field.Type.Width() > 0 && !field.Type.IsFloat() ? $"{type} has no bit {bits.Last}" : $"bits are for integers and bool, not for {type}", field.Type.IsFloat() || field.Type.IsText() ? "remove bits" : $"write bits from 0 to {(field.Type.Width() * 8) - 1}, or a wider type");
            return false;
        }

        var isScaled = field.Scale != 1 || field.Offset != 0;
        if (field.Scale == 0)
        {
            map.Wrong("scale", "a scale of 0 makes every value 0", "write what one raw unit is worth, for example 0.1");
        }
        else if (isScaled && (field.Type == LayoutType.Bool || field.Type.IsText() || field.Labels is not null))
        {
            map.Wrong(field.Scale != 1 ? "scale" : "offset", $"a {(field.Labels is null ? type : "field with enum")} has no scale and no offset", "remove them");
        }
        else if (field.Labels is { } labels && (field.Type.IsFloat() || field.Type.IsText() || labels.Entries.Any(e => IsOutside(field, e.Key))))
        {
            map.Wrong("enum", field.Type.IsFloat() || field.Type.IsText() ? $"enum names whole numbers, and {type} has none" : $"enum names a value that {field.UsedBits.Count} bits of {type} cannot have", "name raw values of the field");
        }

        return map.IsSound;
    }

    private static bool IsOutside(LayoutField field, decimal number)
    {
        var (min, max) = field.Type == LayoutType.Bool ? (0, 1) : LayoutIntegers.Range(field);
        return number < min || number > max;
    }

    private static IReadOnlyList<ulong> Patterns(MapReader map, LayoutField field, IReadOnlyList<RawNumber> sentinels)
    {
        var patterns = new List<ulong>(sentinels.Count);
        foreach (var sentinel in sentinels)
        {
            if (!field.Type.IsInteger() && !field.Type.IsFloat())
            {
                map.Wrong("not-a-number", $"{field.Shape} has no raw value for \"no value\"", "remove it");
            }
            else if (sentinel.TryBits(field, out var bits))
            {
                patterns.Add(bits);
            }
            else if (sentinel.Text is not null)
            {
                map.Wrong("not-a-number", $"{sentinel.Text} is no raw value of {field.UsedBits.Count} bits of {field.Shape}", "write the raw value, before scaling");
            }
        }

        return patterns;
    }
}
