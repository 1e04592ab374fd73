using Gateway.Configuration;
using Gateway.Core;

namespace Gateway;

/// <summary>A topic of this gateway's own, with its variables filled in.</summary>
/// <param name="Kind">The key of its template in <c>topics</c>.</param>
/// <param name="Topic">The topic; <c>{id}</c> stays in it while the gateway has no id yet, and <c>+</c> stands for points that are found while it runs.</param>
/// <param name="Filter">The same for all points of the device: <c>+</c> instead of the point.</param>
/// <param name="Device">Id of its device, or null.</param>
public sealed record PlannedTopic(string Kind, string Topic, string Filter, string? Device);

/// <summary>All topics that this configuration makes.</summary>
public static class TopicPlan
{
    /// <summary>The kinds of the preset <c>standard</c>.</summary>
    public static readonly IReadOnlyList<string> Standard = ["telemetry", "device-telemetry", "status", "health", "response"];

    /// <summary>The kinds of the preset <c>commands</c>.</summary>
    public static readonly IReadOnlyList<string> Commands = ["command", "set"];

    /// <summary>Topics of devices that a link lets in, with <c>{address}</c> in them. They are told what to do by nobody.</summary>
    public static IEnumerable<PlannedTopic> OfLetIn(GatewayConfiguration configuration, LinkOptions link, LetIn letIn) =>
        Of(configuration with { Devices = [new() { Id = letIn.Id, Link = link, Address = new Anyone(), Points = [], FindsPoints = true }], Bridges = [] })
            .Where(t => t.Device == letIn.Id && t.Kind is "telemetry" or "status" or "health" or "state");

    public static IReadOnlyList<PlannedTopic> Of(GatewayConfiguration configuration)
    {
        var plan = new List<PlannedTopic>();
        var topics = configuration.Topics;
        foreach (var device in configuration.Devices.Where(d => d.Id.Length > 0))
        {
            Add(topics.State, "state", device);
            Add(topics.Status, "status", device);
            Add(topics.Health, "health", device);
            Add(topics.Command, "command", device);
            Add(topics.Response, "response", device);
            if (device.Telemetry == TelemetryShape.PerDevice)
            {
                Add(topics.DeviceTelemetry, "device-telemetry", device);
            }

            if (device is { FindsPoints: true, Telemetry: TelemetryShape.PerPoint })
            {
                Add(topics.Telemetry, "telemetry", device, "+");
            }

            foreach (var point in device.Points.Where(p => p.Id.Length > 0))
            {
                if (device.Telemetry == TelemetryShape.PerPoint)
                {
                    Add(topics.Telemetry, "telemetry", device, point.Id);
                }

                Add(topics.Set, "set", device, point.Id);
            }
        }

        Add(topics.GatewayStatus, "gateway-status");
        Add(topics.GatewayHealth, "gateway-health");
        Add(topics.GatewayAlerts, "gateway-alerts");
        Add(topics.GatewayGaps, "gateway-gaps");
        foreach (var bridge in configuration.Bridges.Where(b => b.Id.Length > 0))
        {
            foreach (var lane in Enum.GetValues<Storage.Lane>())
            {
                Add(topics.GatewayStream.Replace("{stream}", new Storage.StreamId(bridge.Id, lane).ToString(), StringComparison.Ordinal), "gateway-stream");
            }
        }

        return plan;

        void Add(string template, string kind, DeviceOptions? device = null, string? point = null)
        {
            var topic = template.Replace("{root}", configuration.Gateway.Root, StringComparison.Ordinal)
                .Replace("{id}", configuration.Gateway.Id ?? "{id}", StringComparison.Ordinal)
                .Replace("{device}", device?.Id, StringComparison.Ordinal);
            plan.Add(new(kind, Fill(topic, point), Fill(topic, "+"), device?.Id));
        }
    }

    private sealed record Anyone : DeviceAddress
    {
        public override string ToString() => "anyone";
    }

    private static string Fill(string topic, string? point) => topic.Replace("{point}", point, StringComparison.Ordinal);

    /// <summary>Where the template of a kind is configured; the map it would stand in if it is not.</summary>
    public static SourcePosition At(ConfigNode root, string kind) => root.At("topics", kind);
}
