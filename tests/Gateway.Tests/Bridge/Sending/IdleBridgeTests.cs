using Gateway.Bridge;
using Gateway.Mqtt;
using Gateway.Storage;
using Gateway.Tests.Mqtt.Client;
using Gateway.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Bridge.Sending;

/// <summary>A bridge that has nothing to send writes nothing, although it tells its ledgers every minute.</summary>
public sealed class IdleBridgeTests
{
    [Fact]
    public async Task Connected_AnHourWithoutMessages_NothingIsWritten()
    {
        var tally = new TallyFiles(new SimulatedDisk());
        await using var box = new JournalHarness("/data", tally);
        box.Open();
        await using var server = new MockServer();
        using var metrics = new BridgeMetrics();
        using var stop = new CancellationTokenSource();
        var broker = new FakeBroker(box.Outbox);
        var bridge = new UpstreamBridge(new() { Id = "cloud", Servers = [new UpstreamServer("127.0.0.1", server.Port, false)], Forward = [new ForwardRule { Filter = "#" }] }, new()
        {
            GatewayId = "gw-1",
            Topics = new BridgeTopics("status", "gaps", static s => $"streams/{s}", []),
            Presets = new PresetTopics([], []),
            Broker = broker,
            Outbox = box.Outbox,
            LaneOf = static _ => Lane.Telemetry,
            Alert = static a => Assert.Fail(a.Text),
            Loggers = NullLoggerFactory.Instance,
            Metrics = metrics,

            // The bridge lives in real time, the journal a minute in each of its moments.
            Tuning = new BridgeTuning { LedgerInterval = TimeSpan.FromMilliseconds(5) },
        });
        broker.Attach(bridge);
        var running = bridge.RunAsync(stop.Token);
        var peer = await server.NextAsync();
        broker.Publish(new MqttMessage { Topic = "t", Payload = "x"u8.ToArray() }, acknowledged: true);

        // It is through; then the cursor has its rest, and the spare segments are there.
        await Waiting.UntilAsync(() => bridge.Status.Lanes.Any(static l => l.Ledger.Acknowledged == 1));
        await MinutesAsync(2);
        await box.SparesAsync();
        await box.TurnsAsync(5);
        var written = tally.Written;
        await MinutesAsync(60);

        Assert.Equal(written, tally.Written);
        await stop.CancelAsync();
        await running.Soon();

        async Task MinutesAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                box.Time.Advance(TimeSpan.FromMinutes(1));
                for (var lane = 0; lane < 3; lane++)
                {
                    await peer.PublishedAsync();
                }

                await box.TurnsAsync();
            }
        }
    }
}
