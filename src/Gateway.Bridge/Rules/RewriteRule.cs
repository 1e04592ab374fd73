using Gateway.Configuration;
using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>One direction of one rule, presets expanded: topics that begin with one prefix, and whose rest matches a filter, get another prefix.</summary>
/// <param name="SourcePrefix">Taken off.</param>
/// <param name="Filter">On the topic after the source prefix.</param>
/// <param name="TargetPrefix">Put before the rest.</param>
/// <param name="Qos">QoS upstream, of a forward rule.</param>
/// <param name="Label">The rule in messages, such as <c>forward rule 2</c>.</param>
internal sealed record RewriteRule(string SourcePrefix, string Filter, string TargetPrefix, QualityOfService Qos, string Label)
{
    /// <summary>Its place among the bridge's rules: of several that match a topic the first wins. What one preset stands for has one place.</summary>
    public int Order { get; init; }

    /// <summary>It stands for a preset: topics of this gateway's own, of which no two kinds are the same.</summary>
    public bool IsPreset { get; init; }

    /// <summary>Where it is configured.</summary>
    public SourcePosition Position { get; init; }

    /// <summary>The filter on whole source topics.</summary>
    public string Domain { get; } = SourcePrefix + Filter;

    /// <summary>The filter on whole target topics.</summary>
    public string Image { get; } = TargetPrefix + Filter;

    /// <summary>The target topic.</summary>
    /// <returns>false: the rule does not concern this topic, or may not (<c>$</c> topics are never bridged).</returns>
    public bool TryApply(string topic, out string target)
    {
        target = topic;
        if (TopicName.IsReserved(topic) || !topic.StartsWith(SourcePrefix, StringComparison.Ordinal) || !TopicFilter.Matches(Domain, topic))
        {
            return false;
        }

        if (SourcePrefix == TargetPrefix)
        {
            return true;
        }

        target = string.Concat(TargetPrefix, topic.AsSpan(SourcePrefix.Length));
        return TopicName.IsValid(target) && !TopicName.IsReserved(target);
    }
}
