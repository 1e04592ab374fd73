using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Core;
using Gateway.Diagnostics;
using Gateway.Storage;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>What bridges need to know of this gateway.</summary>
internal static class BridgeContexts
{
    public static BridgeContext Of(
        PresetTopics presets, string gatewayId, TopicMapper topics, ILocalBroker broker, IOutbox outbox, Alerts alerts,
        LaneBook lanes, ClockTrust clock, TimeProvider time, ILoggerFactory logs, BridgeMetrics metrics)
    {
        return new BridgeContext
        {
            GatewayId = gatewayId,
            Topics = new BridgeTopics(
                topics.GatewayStatus, topics.GatewayGaps, s => topics.GatewayStream(s.ToString()), [topics.GatewayHealth, topics.GatewayAlerts]),
            Presets = presets,
            Broker = broker,
            Outbox = outbox,
            LaneOf = lanes.Of,
            Alert = a => alerts.Raise($"bridge-{a.Kind}", $"bridge {a.Bridge}: {a.Text}", a.Remedy),
            Loggers = logs,
            Metrics = metrics,
            Time = time,
            IsClockTrusted = () => clock.IsTrusted,
        };
    }
}
