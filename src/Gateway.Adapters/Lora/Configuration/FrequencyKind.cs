using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Lora;

/// <summary>Reads <c>868.1MHz</c>, <c>125kHz</c> or <c>868100000Hz</c>, in whole hertz.</summary>
/// <param name="example">As one would write it.</param>
/// <param name="min">In Hz.</param>
/// <param name="max">In Hz.</param>
internal sealed class FrequencyKind(string example, long min, long max) : ScalarKind<long>
{
    private static readonly (string Unit, decimal Factor)[] s_units = [("MHz", 1_000_000), ("kHz", 1_000), ("Hz", 1)];

    public override string Name => $"a frequency with its unit ({Write(min)} to {Write(max)})";

    public override string Example => example;

    public override long Placeholder => min;

    public override string Write(long value) => value >= 1_000_000 ? $"{(value / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture)}MHz" : $"{(value / 1000m).ToString("0.###", CultureInfo.InvariantCulture)}kHz";

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[0-9]+(\\.[0-9]+)? ?(MHz|kHz|Hz)$" };

    protected override Complaint? Parse(string text, out long value)
    {
        value = Placeholder;
        foreach (var (unit, factor) in s_units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && decimal.TryParse(text.AsSpan(0, text.Length - unit.Length).Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 100_000_000_000 / factor)
            {
                value = (long)(number * factor);
                return value >= min && value <= max ? null : new($"{text} is not {Name}", $"write {example}");
            }
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) ? new($"\"{text}\" has no unit", $"write {example}") : NotA(text);
    }
}
