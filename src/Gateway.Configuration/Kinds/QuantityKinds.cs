using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>A time span: a whole number and its unit.</summary>
public sealed class DurationKind(TimeSpan min, TimeSpan max) : ScalarKind<TimeSpan>
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    public override string Name => $"a duration from {Write(min)} to {Write(max)}";

    public override string Example => min <= TimeSpan.FromSeconds(1) && max >= TimeSpan.FromSeconds(1) ? "1s" : Write(min);

    public override TimeSpan Placeholder => min;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[0-9]+(ms|s|m|h|d)$" };

    public override string Write(TimeSpan value) => Quantity.Write(value.Ticks, Units, "ms");

    /// <summary>Reads one that does not stand in a configuration (an option of the command line).</summary>
    public bool TryParse(string text, out TimeSpan value) => Parse(text, out value) is null;

    protected override Complaint? Parse(string text, out TimeSpan value)
    {
        var complaint = Quantity.Parse(text, Units, out var ticks);
        value = TimeSpan.FromTicks(ticks);
        return complaint switch
        {
            QuantityFault.None => value >= min && value <= max ? null : new($"{text} is not {Name}", $"write {(value < min ? Write(min) : Write(max))}"),
            QuantityFault.NoUnit => new($"{Shown.Of(text)} has no unit", $"write {text}s or {text}ms"),
            _ => new($"{Shown.Of(text)} is not a duration", $"write a whole number and ms, s, m, h or d, for example {Example}"),
        };
    }
}

/// <summary>A number of bytes: a whole number and its unit.</summary>
public sealed class SizeKind(long min, long max) : ScalarKind<long>
{
    private static readonly (string Unit, long Factor)[] Units = [("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    public override string Name => $"a size from {Write(min)} to {Write(max)}";

    public override string Example => min <= 64 << 20 && max >= 64 << 20 ? "64MiB" : Write(min);

    public override long Placeholder => min;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[0-9]+([KMGT]i)?B$" };

    public override string Write(long value) => Quantity.Write(value, Units, "B");

    protected override Complaint? Parse(string text, out long value)
    {
        switch (Quantity.Parse(text, Units, out value))
        {
            case QuantityFault.None:
                return value >= min && value <= max ? null : new($"{text} is not {Name}", $"write {(value < min ? Write(min) : Write(max))}");
            case QuantityFault.NoUnit:
                return new($"{Shown.Of(text)} has no unit", $"write {text}B, or KiB, MiB, GiB");
            default:
                var digits = new string([.. text.TakeWhile(char.IsAsciiDigit)]);
                var unit = text[digits.Length..].Trim().ToUpperInvariant();
                return digits.Length > 0 && unit.Length > 0 && "KMGT".Contains(unit[0]) && unit[1..] is "" or "B" or "IB"
                    ? new($"{Shown.Of(text)} is not a size", $"write {digits}{unit[0]}iB (units of 1024)")
                    : new($"{Shown.Of(text)} is not a size", $"write a whole number and KiB, MiB or GiB, for example {Example}");
        }
    }
}

internal enum QuantityFault : byte
{
    None,
    NoUnit,
    Unreadable,
}

/// <summary>Whole numbers with a unit.</summary>
internal static class Quantity
{
    public static QuantityFault Parse(string text, ReadOnlySpan<(string Unit, long Factor)> units, out long value)
    {
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            return QuantityFault.Unreadable;
        }

        if (digits == text.Length)
        {
            return QuantityFault.NoUnit;
        }

        foreach (var (unit, factor) in units)
        {
            if (text.AsSpan(digits).SequenceEqual(unit))
            {
                var product = (Int128)value * factor;
                value = product > long.MaxValue ? long.MaxValue : (long)product;
                return QuantityFault.None;
            }
        }

        return QuantityFault.Unreadable;
    }

    /// <summary>In the largest unit that leaves a whole number.</summary>
    public static string Write(long value, ReadOnlySpan<(string Unit, long Factor)> units, string zero)
    {
        foreach (var (unit, factor) in units)
        {
            if (value != 0 && value % factor == 0)
            {
                return $"{(value / factor).ToString(CultureInfo.InvariantCulture)}{unit}";
            }
        }

        return $"0{zero}";
    }
}
