using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>A map from values to words: <c>{ 0: off, 1: on }</c>.</summary>
public sealed class LabelsKind : Kind<PointLabels>
{
    private const int Most = 256;

    private static readonly TextKind Label = new("a label", "running", longest: 64);

    public override string Name => "a map from values to labels";

    public override string Example => "{ 0: off, 1: on }";

    public override PointLabels Placeholder => new([]);

    public override string Write(PointLabels value) => $"{{ {string.Join(", ", value.Entries.Select(e => $"{PointValue.Of(e.Key)}: {e.Value}"))} }}";

    public override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["patternProperties"] = new JsonObject { ["^(true|false|-?[0-9]+|0x[0-9A-Fa-f]+)$"] = Label.Schema() },
        ["additionalProperties"] = false,
        ["minProperties"] = 1,
    };

    public override bool TryRead(ConfigNode node, ProblemList problems, out PointLabels value)
    {
        if (node is not MapNode map)
        {
            return Reject(node, problems, out value);
        }

        var entries = new List<KeyValuePair<decimal, string>>(map.Entries.Count);
        var ok = true;
        foreach (var entry in map.Entries)
        {
            if (!TryNumber(entry.Key, out var number))
            {
                problems.Error(entry.KeyPosition, $"\"{entry.Key}\" is not a value of the point", "write a whole number (or true, false), a colon and the label, for example 1: running");
                ok = false;
            }
            else if (!Label.TryRead(entry.Value, problems, out var label))
            {
                ok = false;
            }
            else if (entries.Find(e => e.Key == number || e.Value == label) is { Value: { } other })
            {
                problems.Error(entry.KeyPosition, other == label ? $"\"{label}\" stands for two values" : $"{entry.Key} has two labels", "give each value a label of its own: commands may use either");
                ok = false;
            }
            else
            {
                entries.Add(new(number, label));
            }
        }

        if (map.Entries.Count is 0 or > Most)
        {
            problems.Error(map.Position, map.Entries.Count == 0 ? "a map without labels" : $"more than {Most} labels", $"write {Example}, or remove the key");
            ok = false;
        }

        value = new(entries);
        return ok;
    }

    private static bool TryNumber(string text, out decimal number)
    {
        if (text is "true" or "false")
        {
            number = text == "true" ? 1 : 0;
            return true;
        }

        if (WholeNumber.IsHex(text))
        {
            var isNumber = WholeNumber.TryParse(text, out var bits);
            number = bits;
            return isNumber;
        }

        return decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
