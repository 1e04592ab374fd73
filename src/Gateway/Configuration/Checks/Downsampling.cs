using Gateway.Bridge;
using Gateway.Configuration;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway;

/// <summary>What goes through a queue with <c>when-full: downsample</c> and cannot be summed up: the oldest of it is dropped, as with <c>drop-oldest</c>.</summary>
internal static class Downsampling
{
    private const string Remedy = "give it a bridge of its own if it must not be lost first, or leave it so";

    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        var plan = TopicPlan.Of(configuration);
        foreach (var bridge in configuration.Bridges.Where(static b => b.Outbox.Of(Lane.Telemetry).WhenFull == WhenFull.Downsample))
        {
            foreach (var rule in bridge.Forward.Where(static r => r.Qos != QualityOfService.AtMostOnce))
            {
                Check(rule, bridge.Id, plan, Readings(configuration), problems);
            }
        }
    }

    private static void Check(ForwardRule rule, string bridge, IReadOnlyList<PlannedTopic> plan, string readings, ProblemList problems)
    {
        var local = RuleTopics.Local(rule, plan);
        var objects = plan.Where(t => t.Kind == "device-telemetry" && local.Any(f => TopicFilter.Overlaps(f, t.Topic))).Select(static t => t.Device).ToList();
        if (objects.Count > 0)
        {
            problems.Warn(
                rule.Position,
                $"{objects[0]}{(objects.Count > 1 ? $" and {objects.Count - 1} more" : "")} with telemetry: per-device cannot be summed up: when the queue of {bridge} is full, the oldest objects are dropped",
                "write telemetry: per-point");
        }

        if (rule.Preset is null && !TopicFilter.Covers(readings, local[0]))
        {
            problems.Warn(
                rule.Position,
                $"what comes on {local[0]} is summed up only where its payload has the schema reading.v1: when the queue of {bridge} is full, the oldest of the rest is dropped",
                Remedy);
        }
    }

    /// <summary>The filter of all readings, of this gateway's devices and others that are named alike.</summary>
    private static string Readings(GatewayConfiguration configuration)
    {
        var filter = configuration.Topics.Telemetry.Replace("{root}", configuration.Gateway.Root, StringComparison.Ordinal)
            .Replace("{id}", configuration.Gateway.Id ?? "+", StringComparison.Ordinal)
            .Replace("{device}", "+", StringComparison.Ordinal)
            .Replace("{point}", "+", StringComparison.Ordinal);
        return filter.EndsWith("/+", StringComparison.Ordinal) ? filter[..^1] + "#" : filter;
    }
}
