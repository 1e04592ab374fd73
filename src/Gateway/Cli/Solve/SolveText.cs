using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary>Candidates for people, for programs and for the configuration.</summary>
internal static class SolveText
{
    public static IEnumerable<string> Table(IReadOnlyList<CandidateGroup> groups, int most)
    {
        var table = new TextTable("\t", "ADDRESS", "TYPE", "ORDER", "\tSCALE", "\tVALUE", "");
        foreach (var (i, group) in groups.Take(most).Index())
        {
            var c = group.Best;
            table.Add(
                (i + 1).ToString(CultureInfo.InvariantCulture), $"{c.Space.Word()} {c.Address}", group.Signed is { } signed ? $"{c.Type.Word()} or {signed.Word()}" : c.Type.Word(),
                c.Type.Width() == 1 && c.Order == ByteOrder.Abcd ? "" : c.Order.Word(), c.Scale.ToString(CultureInfo.InvariantCulture), c.Value.ToString("G9", CultureInfo.InvariantCulture),
                group.HasWider ? "or wider, with the zeros beside it" : "");
        }

        return groups.Count > most ? [.. table.Lines(), $"… and {groups.Count - most} more, less plausible; --limit shows them"] : table.Lines();
    }

    /// <summary>A point to paste.</summary>
    public static string Yaml(CandidateGroup group)
    {
        var c = group.Best;
        var order = c.Order == ByteOrder.Abcd ? "" : $", order: {c.Order.Word()}";
        var scale = c.Scale == 1 ? "" : $", scale: {c.Scale.ToString(CultureInfo.InvariantCulture)}";
        return $"- {{ id: my-value, register: {c.Space.Word()} {c.Address}, type: {(group.Signed ?? c.Type).Word()}{order}{scale} }}";
    }

    public static JsonObject Json(CandidateGroup group) => new()
    {
        ["register"] = $"{group.Best.Space.Word()} {group.Best.Address}",
        ["type"] = (group.Signed ?? group.Best.Type).Word(),
        ["order"] = group.Best.Order.Word(),
        ["scale"] = group.Best.Scale,
        ["value"] = group.Best.Value,
        ["yaml"] = Yaml(group),
        ["others"] = new JsonArray([.. group.Others.Select(static o => (JsonNode)$"{o.Space.Word()} {o.Address} {o.Type.Word()} {o.Order.Word()}")]),
    };
}
