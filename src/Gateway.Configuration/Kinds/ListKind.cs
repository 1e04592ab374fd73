using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>A list of one kind of thing.</summary>
internal sealed class ListKind<T>(Kind<T> item, int min, (string What, Func<T, string> Key, Func<T, SourcePosition> Position)? unique = null)
    : Kind<IReadOnlyList<T>>
{
    public override string Name => $"a list, each item {item.Name}";

    public override string Example => $"[{item.Example}]";

    public override IReadOnlyList<T> Placeholder => [];

    public override TableDescription Keys => item.Keys;

    public override string Write(IReadOnlyList<T> value) => $"[{string.Join(", ", value.Select(item.Write))}]";

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = item.Schema() };
        if (min > 0)
        {
            schema["minItems"] = min;
        }

        return schema;
    }

    public override bool TryRead(ConfigNode node, ProblemList problems, out IReadOnlyList<T> value)
    {
        if (node is not ListNode list)
        {
            value = Placeholder;
            if (node is ReportedNode)
            {
                return false;
            }

            problems.Error(node.Position, $"{node.What} where a list belongs", node switch
            {
                MapNode => "begin each item with \"- \"",
                ScalarNode { Trap: { } trap } => trap,
                ScalarNode { IsNothing: true } => $"write {Example}",
                _ => $"write {Example} with square brackets",
            });
            return false;
        }

        var ok = true;
        var items = new List<T>(list.Items.Count);
        var places = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        foreach (var child in list.Items)
        {
            ok &= item.TryRead(child, problems, out var one);
            ok &= unique is not { } rule || IsNew(rule, one, places, problems);
            items.Add(one);
        }

        if (items.Count < min)
        {
            problems.Error(list.Position, "an empty list", $"write {Example}");
            ok = false;
        }

        value = items;
        return ok;
    }

    private static bool IsNew(
        (string What, Func<T, string> Key, Func<T, SourcePosition> Position) rule, T one, Dictionary<string, SourcePosition> places, ProblemList problems)
    {
        var key = rule.Key(one);
        if (key.Length == 0 || places.TryAdd(key, rule.Position(one)))
        {
            return true;
        }

        problems.Error(rule.Position(one), $"{rule.What} \"{key}\" is there twice, first at {places[key]}", "give one of them another, or remove it");
        return false;
    }
}
