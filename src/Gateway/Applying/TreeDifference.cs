using Gateway.Configuration;

namespace Gateway.Applying;

/// <summary>What was written differently in two maps, key by key.</summary>
internal static class TreeDifference
{
    private const string Unwritten = "(default)";

    /// <param name="before">null: nothing was written.</param>
    /// <param name="after">null: nothing is written any more.</param>
    /// <param name="except">Keys that are told otherwise.</param>
    /// <returns><c>every: 5s -> 1s</c></returns>
    public static IEnumerable<string> Of(MapNode? before, MapNode? after, params string[] except) => Of(before, after, "", except);

    /// <summary>A value in one line, as one could write it.</summary>
    public static string Text(ConfigNode? node) => node switch
    {
        ScalarNode scalar => scalar.IsPlain ? scalar.Text : $"\"{scalar.Text}\"",
        ListNode list => $"[{string.Join(", ", list.Items.Select(Text))}]",
        MapNode map => $"{{ {string.Join(", ", map.Entries.Select(e => $"{e.Key}: {Text(e.Value)}"))} }}",
        _ => Unwritten,
    };

    private static IEnumerable<string> Of(MapNode? before, MapNode? after, string prefix, string[] except)
    {
        foreach (var key in Keys(before).Concat(Keys(after)).Distinct().Except(except))
        {
            var (old, now) = (Value(before, key), Value(after, key));
            if ((old ?? now) is MapNode && (old is null or MapNode) && (now is null or MapNode) && old is not null && now is not null)
            {
                foreach (var line in Of((MapNode)old, (MapNode)now, $"{prefix}{key}.", []))
                {
                    yield return line;
                }
            }
            else if (Meaning(old) != Meaning(now))
            {
                yield return $"{prefix}{key}: {Text(old)} -> {Text(now)}";
            }
        }
    }

    /// <summary>Quotes mean nothing to a table.</summary>
    private static string Meaning(ConfigNode? node) => node is ScalarNode scalar ? scalar.Text : Text(node);

    private static IEnumerable<string> Keys(MapNode? map) => map?.Entries.Select(static e => e.Key) ?? [];

    private static ConfigNode? Value(MapNode? map, string key) => map is not null && map.TryGet(key, out var entry) ? entry.Value : null;
}
