using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>Compiled rules of one direction: the first that matches wins, found without walking through all of them. May be asked while rules are added.</summary>
internal sealed class RuleTable
{
    [ThreadStatic]
    private static List<Entry>? s_found;

    private readonly TopicTree<Entry> _tree = new();
    private int _count;

    /// <param name="rules">In their order; <see cref="RewriteRule.Order"/> counts before it.</param>
    public RuleTable(IEnumerable<RewriteRule> rules) => Add(rules);

    /// <summary>Adds rules behind those of the same <see cref="RewriteRule.Order"/>.</summary>
    public void Add(IEnumerable<RewriteRule> rules)
    {
        foreach (var rule in rules)
        {
            var index = Interlocked.Increment(ref _count);
            _tree.Change(rule.Domain, (Index: index, Rule: rule), static (before, added) => new Entry(added.Index, added.Rule, before));
        }
    }

    /// <summary>One rule, and those of the same filter that come before it.</summary>
    private sealed record Entry(int Index, RewriteRule Rule, Entry? Before)
    {
        public bool ComesBefore(Entry other) => Rule.Order != other.Rule.Order ? Rule.Order < other.Rule.Order : Index < other.Index;
    }

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
                if ((best is null || entry.ComesBefore(best)) && entry.Rule.TryApply(topic, out var mapped))
                {
                    (best, target) = (entry, mapped);
                }
            }
        }

        found.Clear();
        return best?.Rule;
    }
}
