using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>The keys of <c>topics</c>: a template for each kind of message.</summary>
public static class TopicTable
{
    public static readonly Kind<TopicOptions> Kind = new Table<TopicOptions>("the topics' section", "{ telemetry: \"{root}/{device}/{point}\" }", Read);

    private static readonly TopicOptions Defaults = new();

    private static TopicOptions Read(MapReader map)
    {
        map.NotYet("desired", "desired state");
        map.NotYet("reported", "reported state");
        map.NotYet("event", "alarms and events");
        return new()
        {
            Telemetry = map.Optional("telemetry", Template("device", "point"), Defaults.Telemetry, "A reading."),
            DeviceTelemetry = map.Optional("device-telemetry", Template("device"), Defaults.DeviceTelemetry, "All readings of a poll cycle (telemetry: per-device)."),
            State = map.Optional("state", Template("device"), Defaults.State, "All last values of a device; retained, on the LAN only."),
            Status = map.Optional("status", Template("device"), Defaults.Status, "Presence of a device: online or offline."),
            Health = map.Optional("health", Template("device"), Defaults.Health, "Why a device is offline, and since when."),
            Command = map.Optional("command", Template("device"), Defaults.Command, "Command documents to a device."),
            Set = map.Optional("set", Template("device", "point"), Defaults.Set, "A plain value to write."),
            Response = map.Optional("response", Template("device"), Defaults.Response, "Answers to commands."),
            GatewayStatus = map.Optional("gateway-status", Template("id"), Defaults.GatewayStatus, "Presence of the gateway; its will upstream."),
            GatewayHealth = map.Optional("gateway-health", Template("id"), Defaults.GatewayHealth, "State of links, queues and bridges."),
            GatewayAlerts = map.Optional("gateway-alerts", Template("id"), Defaults.GatewayAlerts, "What somebody should look at."),
            GatewayGaps = map.Optional("gateway-gaps", Template("id"), Defaults.GatewayGaps, "Ranges of messages that will never arrive, and why."),
            GatewayStream = map.Optional("gateway-stream", Template("id", "stream"), Defaults.GatewayStream, "The ledger of a stream of the outbox."),
        };
    }

    /// <param name="unique">Variables without which two things would share the topic; root and id are known everywhere.</param>
    private static TemplateKind Template(params string[] unique) => new(unique, [.. new[] { "root", "id" }.Except(unique)]);
}
