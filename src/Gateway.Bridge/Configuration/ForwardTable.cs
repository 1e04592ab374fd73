using Gateway.Configuration;
using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>An entry of <c>bridges: forward</c>: a preset's name, or the keys of a rule.</summary>
public static class ForwardTable
{
    private static readonly Kind<QualityOfService> Qos = Kinds.Choice(("1", QualityOfService.AtLeastOnce), ("0", QualityOfService.AtMostOnce))
        .Refuse("2", "QoS 2 is not used upstream: it protects one hop only", "write 1: each message carries an identity by which duplicates are told");

    public static readonly Kind<ForwardRule> Kind = Kinds.Placed(
        Kinds.ScalarOrMap(
            Kinds.Choice((ForwardRule.Standard, new ForwardRule { Preset = ForwardRule.Standard })),
            new Table<ForwardRule>("a rule", "{ filter: \"sensors/#\" }", Read)),
        (rule, at) => rule with { Position = at });

    private static ForwardRule Read(MapReader map)
    {
        var rule = new ForwardRule
        {
            Filter = map.Required("filter", Kinds.TopicFilter, "Local topics, after local-prefix."),
            LocalPrefix = map.Optional("local-prefix", Kinds.TopicPrefix, "", "Taken off the local topic."),
            RemotePrefix = map.Optional("remote-prefix", Kinds.TopicPrefix, "", "Put before the topic upstream."),
            Qos = map.Optional("qos", Qos, QualityOfService.AtLeastOnce, "1: through the outbox, at least once. 0: straight through, no promise."),
        };
        Prefixes.Check(map, rule.Filter, rule.LocalPrefix, rule.RemotePrefix);
        return rule;
    }
}
