using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>A whole number in decimal digits.</summary>
public sealed class IntegerKind(int min, int max, string? example) : ScalarKind<int>
{
    public override string Name => $"a whole number from {Write(min)} to {Write(max)}";

    public override string Example => example ?? Write(min);

    public override int Placeholder => min;

    public override string Write(int value) => value.ToString(CultureInfo.InvariantCulture);

    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };

    protected override Complaint? Parse(string text, out int value)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && !LooksOctal(text))
        {
            return value >= min && value <= max ? null : new($"{text} is not {Name}", $"write {Example}");
        }

        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)
            ? new($"{Shown.Of(text)} is hexadecimal", $"write it in decimal: {Write(hex)}")
            : LooksOctal(text) ? new($"{Shown.Of(text)} begins with 0, which some read as octal", $"write {text.TrimStart('0')}")
            : NotA(text);
    }

    private static bool LooksOctal(string text) => text.Length > 1 && text[0] == '0' && text.All(char.IsAsciiDigit) && text.Any(c => c != '0');
}

/// <summary>A number, kept exactly as written.</summary>
public sealed class DecimalKind(decimal min, decimal max) : ScalarKind<decimal>
{
    private bool HasBounds => min != decimal.MinValue || max != decimal.MaxValue;

    public override string Name => HasBounds ? $"a number from {Write(min)} to {Write(max)}" : "a number";

    public override string Example => min <= 0.1m && max >= 0.1m ? "0.1" : Write(min);

    public override decimal Placeholder => min <= 1 && max >= 1 ? 1 : min;

    public override string Write(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "number" };
        if (HasBounds)
        {
            schema["minimum"] = min;
            schema["maximum"] = max;
        }

        return schema;
    }

    protected override Complaint? Parse(string text, out decimal value)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (decimal.TryParse(text, style, CultureInfo.InvariantCulture, out value))
        {
            return value >= min && value <= max ? null : new($"{text} is not {Name}", $"write {Example}");
        }

        var point = text.Replace(',', '.');
        return text.Contains(',') && decimal.TryParse(point, style, CultureInfo.InvariantCulture, out _)
            ? new($"{Shown.Of(text)} has a comma", $"write {point}")
            : NotA(text);
    }
}
