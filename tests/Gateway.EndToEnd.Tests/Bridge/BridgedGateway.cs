using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.EndToEnd.Tests.Bridge;

/// <summary>A gateway without devices and listeners: the real journal, the real broker, the real bridge.</summary>
internal sealed class BridgedGateway : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("bridge-gateway-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly StorageMetrics _storageMetrics = new();
    private readonly BridgeMetrics _bridgeMetrics = new();
    private readonly Journal _journal;
    private readonly LocalBroker _broker;
    private readonly Channel<BridgeAlert> _alerts = Channel.CreateUnbounded<BridgeAlert>();
    private readonly Channel<MqttMessage> _local = Channel.CreateUnbounded<MqttMessage>();
    private readonly Task _run;

    public BridgedGateway(string id, BridgeOptions options, string watch = "#")
    {
        Id = id;
        _journal = Journal.Open(
            _folder, new JournalOptions { CommitWindow = TimeSpan.FromMilliseconds(20) }, new Clock(), TimeProvider.System, _storageMetrics, NullLogger<Journal>.Instance);
        _broker = new LocalBroker(new BrokerOptions { Listeners = [] }, id, _journal.Outbox, TimeProvider.System, NullLoggerFactory.Instance);
        Bridge = new UpstreamBridge(options, new BridgeContext
        {
            GatewayId = id,
            Topics = new BridgeTopics($"edge/gateways/{id}/status", $"edge/gateways/{id}/gaps", s => $"edge/gateways/{id}/streams/{s}", []),
            Presets = new PresetTopics([], []),
            Broker = _broker,
            Outbox = _journal.Outbox,
            LaneOf = static _ => Lane.Telemetry,
            Alert = a => _alerts.Writer.TryWrite(a),
            Loggers = NullLoggerFactory.Instance,
            Metrics = _bridgeMetrics,
            Tuning = new BridgeTuning { FirstRetry = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(200), LedgerInterval = TimeSpan.FromMilliseconds(200) },
        });
        _broker.Attach(Bridge);
        _broker.Subscribe(watch, m => _local.Writer.TryWrite(m));
        _run = Bridge.RunAsync(_stop.Token);
    }

    public string Id { get; }

    public UpstreamBridge Bridge { get; }

    public static BridgeOptions Options(int port, string id = "cloud") => new() { Id = id, Servers = [new UpstreamServer("127.0.0.1", port, false)] };

    public void Publish(string topic, string payload, bool retain = false) =>
        _broker.Publish(new MqttMessage { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), Retain = retain, ReceivedAt = TimeProvider.System.GetTimestamp() }, false);

    public Task<BridgeAlert> AlertAsync() => _alerts.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    /// <summary>The next message on its LAN.</summary>
    public Task<MqttMessage> LocalAsync() => _local.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    public bool HasLocal => _local.Reader.TryPeek(out _);

    /// <summary>Completes once its status is so.</summary>
    public async Task WhenAsync(Func<BridgeStatus, bool> condition)
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition(Bridge.Status))
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    public Task WhenConnectedAsync() => WhenAsync(static s => s.State == BridgeState.Connected);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(s_patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _journal.DisposeAsync();
        _storageMetrics.Dispose();
        _bridgeMetrics.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Clock : IJournalClock
    {
        public DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

        public bool IsTrusted => true;

        public Guid BootId { get; } = Guid.NewGuid();

        public TimeSpan SinceBoot => Stopwatch.GetElapsedTime(0);
    }
}
