using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Core;

/// <summary><c>0.5</c>, or <c>5%</c> of the value that was reported last.</summary>
internal sealed class DeadbandKind : ScalarKind<Deadband>
{
    private const decimal Largest = 1_000_000_000m;

    public override string Name => "a number, or a percentage";

    public override string Example => "0.5";

    public override Deadband Placeholder => default;

    public override string Write(Deadband value) => value.ToString();

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "number", ["minimum"] = 0 },
            new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+(\\.[0-9]+)?%$" }),
    };

    protected override Complaint? Parse(string text, out Deadband value)
    {
        value = default;
        var isPercent = text.EndsWith('%');
        var digits = isPercent ? text[..^1].TrimEnd() : text;
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            return digits.Contains(',') ? new($"\"{text}\" has a comma", $"write {text.Replace(',', '.')}")
                : digits.StartsWith('-') ? new($"\"{text}\" is below zero", $"write {text[1..]}: it counts in both directions")
                : NotA(text);
        }

        if (amount > (isPercent ? 1000 : Largest))
        {
            return new($"\"{text}\" is more than anything moves", isPercent ? "write at most 1000%" : "write at most 1000000000");
        }

        value = new(amount, isPercent);
        return null;
    }
}
