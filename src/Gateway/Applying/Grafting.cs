using Gateway.Bridge;
using Gateway.Core;

namespace Gateway.Applying;

/// <summary>Puts the objects of the running configuration into a new one wherever both mean the same. After that a part goes on as it is if, and only if, its options are the same object.</summary>
internal static class Grafting
{
    public static GatewayConfiguration Onto(GatewayConfiguration running, GatewayConfiguration next)
    {
        // A link and its devices go on together, or not at all.
        var stays = next.Links.Where(link => Stays(link, running, next)).Select(l => l.Id).ToHashSet(StringComparer.Ordinal);
        return next with
        {
            Links = [.. next.Links.Select(l => stays.Contains(l.Id) ? running.Links.First(r => r.Id == l.Id) : l)],
            Devices = [.. next.Devices.Select(d => stays.Contains(d.Link.Id) ? running.Devices.First(r => r.Id == d.Id) : d)],
            Bridges = [.. next.Bridges.Select(b => Keep(b, running, next))],
            Broker = next.Broker with { Listeners = [.. next.Broker.Listeners.Select(l => running.Broker.Listeners.FirstOrDefault(r => Sameness.Same(r, l)) ?? l)] },
        };
    }

    private static bool Stays(LinkOptions link, GatewayConfiguration running, GatewayConfiguration next) =>
        running.Links.FirstOrDefault(r => r.Id == link.Id) is { } before
        && Sameness.Same(before, link)
        && Sameness.All(Of(running, link.Id), Of(next, link.Id), Sameness.Same);

    private static List<DeviceOptions> Of(GatewayConfiguration configuration, string link) => [.. configuration.Devices.Where(d => d.Link.Id == link)];

    private static BridgeOptions Keep(BridgeOptions bridge, GatewayConfiguration running, GatewayConfiguration next) =>
        running.Bridges.FirstOrDefault(r => r.Id == bridge.Id) is { } before && Sameness.Same(before, bridge) && HasSameTopics(bridge, running, next) ? before : bridge;

    /// <summary>Presets name the devices one by one: with other devices they are other rules.</summary>
    private static bool HasSameTopics(BridgeOptions bridge, GatewayConfiguration running, GatewayConfiguration next)
    {
        if (bridge.Forward.All(static r => r.Preset is null) && bridge.Import.All(static r => r.Preset is null))
        {
            return true;
        }

        var (before, after) = (TopicPlan.Of(running), TopicPlan.Of(next));
        return bridge.Forward.All(r => RuleTopics.Local(r, before).SequenceEqual(RuleTopics.Local(r, after)))
            && bridge.Import.All(r => RuleTopics.Remote(r, before).SequenceEqual(RuleTopics.Remote(r, after)));
    }
}
