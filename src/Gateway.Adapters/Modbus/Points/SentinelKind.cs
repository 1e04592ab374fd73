using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A raw value that means no value, as written: its bits in hexadecimal, the number that the type would make of them, or what is usual for the type.</summary>
/// <param name="Text">As written; null: by type.</param>
internal readonly record struct Sentinel(string? Text)
{
    public const string ByType = "by-type";

    /// <summary>Its bits in a type.</summary>
    /// <returns>false: the type has no such number.</returns>
    public bool TryBits(ModbusPoint point, out ulong bits)
    {
        bits = 0;
        if (WholeNumber.IsHex(Text!))
        {
            return WholeNumber.TryParse(Text!, out bits) && bits <= ulong.MaxValue >> (64 - (point.Type.IsByte() ? 8 : point.Width * 16));
        }

        if (!decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var whole = new ModbusPoint(point.Space, point.Address, point.Type);
        Span<byte> wire = stackalloc byte[point.Width * 2];
        wire.Clear();
        if (new PointCodec(whole).Encode(Core.PointValue.Of(number), wire) is not null)
        {
            return false;
        }

        bits = RegisterCodec.Read(wire, ByteOrder.Abcd);
        bits = point.Type.IsByte() ? new BitField(point).Unsigned(bits) : bits;
        return true;
    }
}

/// <summary>Reads <c>0x8000</c>, <c>-32768</c> or <c>by-type</c>.</summary>
internal sealed class SentinelKind : ScalarKind<Sentinel>
{
    public override string Name => "a raw value (0x8000, -32768) or by-type";

    public override string Example => "0x8000";

    public override Sentinel Placeholder => new(null);

    public override string Write(Sentinel value) => value.Text ?? Sentinel.ByType;

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("string", "number") };

    protected override Complaint? Parse(string text, out Sentinel value)
    {
        value = new(text == Sentinel.ByType ? null : text);
        return value.Text is null || WholeNumber.TryParse(text, out _) || decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? null
            : string.Equals(text, "nan", StringComparison.OrdinalIgnoreCase)
                ? new($"\"{text}\" is never taken for a value", "leave it out: NaN and infinity of floats are bad anyway")
                : NotA(text);
    }
}
