namespace Gateway.Core;

/// <summary>The <c>topics</c> section: one template for each kind of message. Variables: <c>{root} {device} {point} {id} {stream} {name}</c>.</summary>
public sealed record TopicOptions
{
    public string Telemetry { get; init; } = "{root}/{device}/telemetry/{point}";

    public string DeviceTelemetry { get; init; } = "{root}/{device}/telemetry";

    public string State { get; init; } = "{root}/{device}/state";

    public string Status { get; init; } = "{root}/{device}/status";

    public string Health { get; init; } = "{root}/{device}/health";

    public string Command { get; init; } = "{root}/{device}/cmd";

    public string Set { get; init; } = "{root}/{device}/set/{point}";

    public string Response { get; init; } = "{root}/{device}/response";

    public string Desired { get; init; } = "{root}/{device}/desired";

    public string Reported { get; init; } = "{root}/{device}/reported";

    public string Event { get; init; } = "{root}/{device}/events/{name}";

    public string GatewayStatus { get; init; } = "{root}/gateways/{id}/status";

    public string GatewayHealth { get; init; } = "{root}/gateways/{id}/health";

    public string GatewayAlerts { get; init; } = "{root}/gateways/{id}/alerts";

    public string GatewayGaps { get; init; } = "{root}/gateways/{id}/gaps";

    public string GatewayStream { get; init; } = "{root}/gateways/{id}/streams/{stream}";
}
