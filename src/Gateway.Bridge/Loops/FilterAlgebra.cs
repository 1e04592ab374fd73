using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>Sets of topics, written as filters: what two have in common, what a rewrite makes of one, and one topic out of it.</summary>
internal static class FilterAlgebra
{
    /// <summary>The filter of the topics that both match; null: none. Exact, because each level is either a name or a wildcard.</summary>
    public static string? Intersect(string first, string second)
    {
        if (!TopicFilter.Overlaps(first, second))
        {
            return null;
        }

        var a = first.Split('/');
        var b = second.Split('/');
        var i = 0;
        for (; i < a.Length && i < b.Length && a[i] != "#" && b[i] != "#"; i++)
        {
            a[i] = a[i] == "+" ? b[i] : a[i];
        }

        // Both end here, or one of them takes all that follows: the other's rest is narrower. "a/#" against "a" leaves "a".
        var rest = i < a.Length && i < b.Length ? (a[i] == "#" ? b : a).Skip(i) : [];
        return string.Join('/', a.Take(i).Concat(rest));
    }

    /// <summary>What the rule makes of the topics of this set; null: it takes none of them.</summary>
    public static string? Rewrite(string set, RewriteRule rule)
    {
        var taken = Intersect(set, rule.Domain);
        return taken is not null && taken.StartsWith(rule.SourcePrefix, StringComparison.Ordinal) && rule.TargetPrefix.Length + taken.Length > rule.SourcePrefix.Length
            ? rule.TargetPrefix + taken[rule.SourcePrefix.Length..]
            : null;
    }

    /// <summary>One topic of the set, to show to people.</summary>
    public static string Example(string set) => string.Join('/', set.Split('/').Select(static l => l is "+" or "#" ? "x" : l));
}
