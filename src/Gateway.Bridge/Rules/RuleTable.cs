using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>Compiled rules of one direction: the first that matches wins, found without walking through all of them.</summary>
internal sealed class RuleTable
{
    [ThreadStatic]
    private static List<Entry>? s_found;

    private readonly TopicTree<Entry> _tree = new();

    public RuleTable(IReadOnlyList<RewriteRule> rules)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            _tree.Change(rules[i].Domain, (Index: i, Rule: rules[i]), static (before, added) => new Entry(added.Index, added.Rule, before));
        }
    }

    /// <summary>One rule, and those of the same filter that come before it.</summary>
    private sealed record Entry(int Index, RewriteRule Rule, Entry? Before);

    /// <summary>The rule for this topic and the topic that it makes of it; the same string when nothing changes.</summary>
    public RewriteRule? Match(string topic, out string target)
    {
        target = topic;
        var found = s_found ??= [];
        _tree.FindFilters(topic, found);
        Entry? best = null;
        foreach (var candidate in found)
        {
            for (var entry = candidate; entry is not null; entry = entry.Before)
            {
                if ((best is null || entry.Index < best.Index) && entry.Rule.TryApply(topic, out var mapped))
                {
                    (best, target) = (entry, mapped);
                }
            }
        }

        found.Clear();
        return best?.Rule;
    }
}
