using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Payloads;

/// <summary>Reads <c>3</c> or <c>0-5</c>.</summary>
internal sealed class BitRangeKind : ScalarKind<BitRange>
{
    public override string Name => "bits (3, or 0-5: from the least significant)";

    public override string Example => "0-5";

    public override BitRange Placeholder => new(0, 0);

    public override string Write(BitRange value) => value.ToString();

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("string", "integer"), ["pattern"] = "^[0-9]{1,2}(-[0-9]{1,2})?$" };

    protected override Complaint? Parse(string text, out BitRange value)
    {
        value = Placeholder;
        var ends = text.Split('-');
        if (ends.Length > 2 || !TryBit(ends[0], out var first) || !TryBit(ends[^1], out var last))
        {
            return NotA(text);
        }

        // 5-0 is as clear as 0-5.
        value = new(Math.Min(first, last), Math.Max(first, last));
        return value.Last <= 63 ? null : new($"there is no bit {value.Last}: bits count from 0", $"write {Example}");
    }

    private static bool TryBit(string text, out int bit) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out bit);
}
