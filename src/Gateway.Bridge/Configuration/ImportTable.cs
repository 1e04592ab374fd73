using Gateway.Configuration;

namespace Gateway.Bridge;

/// <summary>An entry of <c>bridges: import</c>: a preset's name, or the keys of a rule.</summary>
public static class ImportTable
{
    public static readonly Kind<ImportRule> Kind = Kinds.Placed(
        Kinds.ScalarOrMap(
            Kinds.Choice((ImportRule.Commands, new ImportRule { Preset = ImportRule.Commands })),
            new Table<ImportRule>("a rule", "{ filter: \"setpoints/#\" }", Read)),
        (rule, at) => rule with { Position = at });

    private static ImportRule Read(MapReader map)
    {
        var rule = new ImportRule
        {
            Filter = map.Required("filter", Kinds.TopicFilter, "Upstream's topics, after remote-prefix."),
            LocalPrefix = map.Optional("local-prefix", Kinds.TopicPrefix, "", "Put before the topic on the LAN."),
            RemotePrefix = map.Optional("remote-prefix", Kinds.TopicPrefix, "", "Taken off upstream's topic."),
        };
        Prefixes.Check(map, rule.Filter, rule.LocalPrefix, rule.RemotePrefix);
        return rule;
    }
}

/// <summary>Prefix and filter are joined as they are: together they must still be a filter (MQTT 5.0 §4.7.1).</summary>
internal static class Prefixes
{
    public static void Check(MapReader map, string filter, string local, string remote)
    {
        if (filter[0] is not ('#' or '+'))
        {
            return;
        }

        foreach (var (key, prefix) in new[] { ("local-prefix", local), ("remote-prefix", remote) })
        {
            if (prefix.Length > 0 && prefix[^1] != '/')
            {
                map.Wrong(key, $"\"{prefix}{filter}\" is no filter: {filter[0]} stands for a whole level", $"write \"{prefix}/\"");
            }
        }
    }
}
