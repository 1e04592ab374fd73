using Gateway.Bridge;
using Gateway.Core;

namespace Gateway;

/// <summary>The rules of a bridge with their presets written out.</summary>
public static class RuleTopics
{
    /// <summary>The topics that the presets stand for.</summary>
    /// <param name="topics">Names them.</param>
    /// <param name="devices">The configuration's.</param>
    /// <param name="found">Devices that were found beside: they speak, and take no commands.</param>
    public static PresetTopics Presets(TopicMapper topics, IReadOnlyList<DeviceOptions> devices, IReadOnlyList<DeviceOptions> found) =>
        new(topics.StandardFilters(devices.Concat(found)), topics.CommandFilters(devices));

    /// <summary>Local filters of what a rule forwards.</summary>
    public static IReadOnlyList<string> Local(ForwardRule rule, IReadOnlyList<PlannedTopic> plan) =>
        rule.Preset is null ? [rule.LocalPrefix + rule.Filter] : OfKinds(TopicPlan.Standard, plan);

    /// <summary>Upstream's filters of what a rule imports.</summary>
    public static IReadOnlyList<string> Remote(ImportRule rule, IReadOnlyList<PlannedTopic> plan) =>
        rule.Preset is null ? [rule.RemotePrefix + rule.Filter] : OfKinds(TopicPlan.Commands, plan);

    /// <summary>Local filters of what a rule imports.</summary>
    public static IReadOnlyList<string> Local(ImportRule rule, IReadOnlyList<PlannedTopic> plan) =>
        rule.Preset is null ? [rule.LocalPrefix + rule.Filter] : OfKinds(TopicPlan.Commands, plan);

    private static IReadOnlyList<string> OfKinds(IReadOnlyList<string> kinds, IReadOnlyList<PlannedTopic> plan) =>
        [.. plan.Where(t => kinds.Contains(t.Kind)).Select(t => t.Filter).Distinct()];
}
