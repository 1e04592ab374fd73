using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Storage;
using Microsoft.Extensions.Logging;

namespace Gateway.Bridge;

/// <summary>What a bridge needs of the gateway that it serves.</summary>
public sealed record BridgeContext
{
    public required string GatewayId { get; init; }

    public required BridgeTopics Topics { get; init; }

    public required PresetTopics Presets { get; init; }

    public required ILocalBroker Broker { get; init; }

    public required IOutbox Outbox { get; init; }

    /// <summary>The lane of a local topic: events are alarms, answers are commands, everything else is telemetry.</summary>
    public required Func<string, Lane> LaneOf { get; init; }

    /// <summary>Publishes an alert. Called from any thread; must not block.</summary>
    public required Action<BridgeAlert> Alert { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    public required BridgeMetrics Metrics { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether the wall clock can be believed now.</summary>
    public Func<bool> IsClockTrusted { get; init; } = static () => true;

    public BridgeTuning Tuning { get; init; } = new();
}

/// <summary>Something that somebody should know of, for <c>…/alerts</c>.</summary>
/// <param name="Bridge">Id of the bridge.</param>
/// <param name="Kind">One word for programs: <c>refused</c>, <c>poison</c>, <c>import</c>, <c>subscribe</c>.</param>
/// <param name="Text">What happened.</param>
/// <param name="Remedy">What to do.</param>
public sealed record BridgeAlert(string Bridge, string Kind, string Text, string Remedy);

/// <summary>Intervals that nobody needs to configure.</summary>
public sealed record BridgeTuning
{
    /// <summary>1 s: a broker that restarts is back in two.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>60 s: after a long outage the data flows again within a minute.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A connection that lived this long starts the next back-off from the beginning.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan LedgerInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>30 s, as often as the journal tries a new segment.</summary>
    public TimeSpan StorageRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>7 days: upstream keeps our commands as long as we keep its readings.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>10 s: a short break of the line is not reported as an outage.</summary>
    public TimeSpan WillDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>2 s of the 5 s in which the daemon stops.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>60 s without any answer to a publish or a subscription: such a peer lives and does not work. The slowest failover known takes 17 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan KeepAlive { get; init; } = MqttClientOptions.DefaultKeepAlive;

    public TimeSpan ConnectTimeout { get; init; } = MqttClientOptions.DefaultConnectTimeout;

    /// <summary>8 gateways in a row.</summary>
    public int MaxHops { get; init; } = LoopLimits.DefaultMaxHops;
}
