using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Payloads;

/// <summary>A raw number as written: its bits in hexadecimal, the number itself, or what is usual for the type.</summary>
/// <param name="Text">As written; null: by type.</param>
internal readonly record struct RawNumber(string? Text)
{
    public const string ByType = "by-type";

    private bool IsHex => WholeNumber.IsHex(Text!);

    /// <summary>Its bits in a field, from bit 0.</summary>
    /// <returns>false: the field has no such number.</returns>
    public bool TryBits(LayoutField field, out ulong bits)
    {
        var all = field.UsedBits.Mask >> field.UsedBits.First;
        if (Text is null)
        {
            bits = field.Type.IsSigned() ? (all >> 1) + 1 : all;
            return field.Type.IsInteger();
        }

        if (IsHex)
        {
            return WholeNumber.TryParse(Text, out bits) && bits <= all;
        }

        bits = 0;
        return decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && LayoutEncoder.Raw(new LayoutField { Id = field.Id, Shape = field.Shape, Bits = field.Bits }, Core.PointValue.Of(number), out bits) is null
            && (field.Type.IsFloat() || number == decimal.Truncate(number));
    }

    /// <summary>The whole number, for cases.</summary>
    public decimal Whole => IsHex ? (WholeNumber.TryParse(Text!, out var bits) ? bits : 0) : decimal.Parse(Text!, NumberStyles.Float, CultureInfo.InvariantCulture);
}

/// <summary>Reads <c>0x8000</c>, <c>-32768</c> or, where allowed, <c>by-type</c>.</summary>
/// <param name="allowsByType">Whether there is something usual.</param>
internal sealed class RawNumberKind(bool allowsByType) : ScalarKind<RawNumber>
{
    public override string Name => allowsByType ? "a raw value (0x8000, -32768) or by-type" : "a raw value (0x01, 1)";

    public override string Example => allowsByType ? "0x8000" : "1";

    public override RawNumber Placeholder => new("0");

    public override string Write(RawNumber value) => value.Text ?? RawNumber.ByType;

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("string", "number") };

    protected override Complaint? Parse(string text, out RawNumber value)
    {
        value = new(allowsByType && text == RawNumber.ByType ? null : text);
        var isFine = value.Text is null || WholeNumber.TryParse(text, out _)
            || (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (allowsByType || number == decimal.Truncate(number)));
        value = isFine ? value : Placeholder;
        return isFine ? null : NotA(text);
    }
}
