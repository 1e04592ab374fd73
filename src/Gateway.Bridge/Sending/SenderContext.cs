using Microsoft.Extensions.Logging;

namespace Gateway.Bridge;

/// <summary>What the lanes of one bridge share.</summary>
internal sealed record SenderContext(
    string Bridge, string GatewayId, BridgeTopics Topics, TimeProvider Time, BridgeTuning Tuning, BridgeMetrics Metrics, ILogger Logger, AlertGate Alerts, Wakeup Wakeup);
