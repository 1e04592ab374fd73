using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>Sets of topics, written as filters: what a rewrite makes of one, and one topic out of it.</summary>
internal static class FilterAlgebra
{
    /// <summary>What the rule makes of the topics of this set; null: it takes none of them.</summary>
    public static string? Rewrite(string set, RewriteRule rule)
    {
        var taken = TopicFilter.Intersect(set, rule.Domain);
        return taken is not null && taken.StartsWith(rule.SourcePrefix, StringComparison.Ordinal) && rule.TargetPrefix.Length + taken.Length > rule.SourcePrefix.Length
            ? rule.TargetPrefix + taken[rule.SourcePrefix.Length..]
            : null;
    }

    /// <summary>One topic of the set, to show to people.</summary>
    public static string Example(string set) => string.Join('/', set.Split('/').Select(static l => l is "+" or "#" ? "x" : l));
}
