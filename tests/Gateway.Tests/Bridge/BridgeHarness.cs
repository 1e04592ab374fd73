using System.Text;
using System.Threading.Channels;
using Gateway.Bridge;
using Gateway.Mqtt;
using Gateway.Storage;
using Gateway.Tests.Mqtt.Client;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Bridge;

/// <summary>A bridge with the scripted server as upstream and everything else in memory.</summary>
internal sealed class BridgeHarness : IAsyncDisposable
{
    public const string Id = "gw-1";

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<BridgeAlert> _alerts = Channel.CreateUnbounded<BridgeAlert>();
    private readonly BridgeMetrics _metrics = new();
    private Task _run = Task.CompletedTask;

    public BridgeHarness(Func<BridgeOptions, BridgeOptions>? change = null, BridgeTuning? tuning = null)
    {
        Outbox = new MemoryOutbox(OutboxTime);
        Broker = new FakeBroker(Outbox);
        var options = new BridgeOptions { Id = "cloud", Servers = [new UpstreamServer("127.0.0.1", Server.Port, false)], Forward = [new ForwardRule { Filter = "t/#" }] };
        Bridge = new UpstreamBridge(change?.Invoke(options) ?? options, new BridgeContext
        {
            GatewayId = Id,
            Topics = new BridgeTopics("edge/gateways/gw-1/status", "gaps", static s => $"streams/{s}", ["edge/gateways/gw-1/health"]),
            Presets = Presets,
            Broker = Broker,
            Outbox = Outbox,
            LaneOf = static t => t.Contains("/events/", StringComparison.Ordinal) ? Lane.Alarm : Lane.Telemetry,
            Alert = a => _alerts.Writer.TryWrite(a),
            Loggers = NullLoggerFactory.Instance,
            Metrics = _metrics,
            Tuning = tuning ?? new BridgeTuning { FirstRetry = TimeSpan.FromMilliseconds(5), LongestRetry = TimeSpan.FromMilliseconds(20) },
        });
        Broker.Attach(Bridge);
    }

    public static PresetTopics Presets { get; } = new(["edge/d/telemetry/#", "edge/d/response"], ["edge/d/cmd"]);

    public MockServer Server { get; } = new();

    /// <summary>Time as the outbox knows it.</summary>
    public FakeTime OutboxTime { get; } = new(DateTimeOffset.UnixEpoch);

    public MemoryOutbox Outbox { get; }

    public FakeBroker Broker { get; }

    public UpstreamBridge Bridge { get; }

    public MemoryStream Telemetry => Outbox[new StreamId("cloud", Lane.Telemetry)];

    public MemoryStream Alarms => Outbox[new StreamId("cloud", Lane.Alarm)];

    public void Start() => _run = Bridge.RunAsync(_stop.Token);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run.Soon();
    }

    public void Publish(string topic, string payload = "x", bool retain = false, MessageProperties? properties = null) => Broker.Publish(
        new MqttMessage { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), Retain = retain, Properties = properties ?? MessageProperties.None }, false);

    /// <summary>Upstream has taken the bridge and answered its subscriptions.</summary>
    public Task WhenConnectedAsync() => Waiting.UntilAsync(() => Bridge.Status.State == BridgeState.Connected);

    public Task<BridgeAlert> AlertAsync() => _alerts.Reader.ReadAsync().AsTask().Soon();

    /// <summary>The next publish upstream that is neither presence nor a ledger.</summary>
    public static async Task<PublishPacket> NextAsync(MockConnection peer)
    {
        while (true)
        {
            var packet = await peer.PublishedAsync();
            if (!packet.Message.Topic.StartsWith("streams/", StringComparison.Ordinal) && !packet.Message.Topic.EndsWith("/status", StringComparison.Ordinal))
            {
                return packet;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Server.DisposeAsync();
        _metrics.Dispose();
        _stop.Dispose();
    }
}
