using System.Globalization;
using System.Text;
using Gateway.EndToEnd.Tests.MainJob;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Outbox;

/// <summary>Upstream is away, a bounded queue is overrun ten times, upstream comes back: a backend that follows the rules finds that everything adds up, for each policy.</summary>
public sealed class OverrunTests(ITestOutputHelper output) : IDisposable
{
    private const int QueueSize = 8 << 20;
    private const int Payload = 200 << 10;
    private const string Readings = "lan/numbers";
    private const string Events = "edge/boiler/events/fire";

    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("drop-oldest", "refuse")]
    [InlineData("drop-newest", "drop-oldest")]
    [InlineData("refuse", "drop-newest")]
    public async Task Tenfold_ThenDrained_ReceivedAndGapsAreAllNumbersGiven(string telemetry, string alarm)
    {
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();
        await using var backend = await Collector.StartAsync(upstream.Port, "backend", ["#"]);
        await using var gateway = new GatewayProcess(_folder, Configuration(upstream.Port, telemetry, alarm));
        await gateway.StartAsync();
        await backend.WaitForAsync(Site.TelemetryLedger);
        await upstream.StopAsync();

        await using var publisher = await LanClient.JoinAsync(_port);
        var readings = await PublishAsync(publisher, Readings, 10 * QueueSize / Payload);
        var events = await PublishAsync(publisher, Events, 2 * QueueSize / Payload);
        var refusing = telemetry == "refuse" ? Readings : alarm == "refuse" ? Events : null;
        if (refusing is not null)
        {
            // Before 5.0 there is no word for it: the connection ends, and the client comes back with the message.
            await using var old = await Collector.StartAsync(_port, "old", [], v5: false);
            await old.SendAndBeClosedAsync(refusing, Text(0));
        }

        var (_, report) = await gateway.StatusAsync();
        await upstream.StartAsync();
        await WhenDrainedAsync(gateway, backend);

        // In order: the last ledgers speak of everything.
        Assert.Equal(0, await gateway.StopAsync());
        AssertBooks(backend, report, "telemetry", output);
        AssertBooks(backend, report, "alarm", output);
        AssertKept(backend, Readings, telemetry, readings);
        AssertKept(backend, Events, alarm, events);
        Assert.All(backend.Messages.Where(m => m.Topic.EndsWith("/gaps", StringComparison.Ordinal)), g => Assert.Contains(g.Json.GetProperty("reason").GetString(), (string[])["size", "superseded"]));
    }

    private static string Text(int number) => $"{number}:{new string('x', Payload)}";

    private static async Task<List<ReasonCode>> PublishAsync(LanClient publisher, string topic, int count)
    {
        var answers = new List<ReasonCode>();
        for (var i = 0; i < count; i++)
        {
            answers.Add(await publisher.PublishAsync(topic, Encoding.UTF8.GetBytes(Text(i))));
        }

        return answers;
    }

    /// <summary>Nothing waits in the gateway, and the backend has heard of every number.</summary>
    private static async Task WhenDrainedAsync(GatewayProcess gateway, Collector backend)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            await pace.WaitForNextTickAsync(patience.Token);
            var (_, report) = await gateway.StatusAsync();
            var given = report.GetProperty("storage").GetProperty("streams").EnumerateArray()
                .ToDictionary(static s => s.GetProperty("stream").GetString()!, static s => (Waiting: s.GetProperty("waiting").GetInt64(), Next: s.GetProperty("next").GetUInt64()));
            if (given.Values.All(static s => s.Waiting == 0) && backend.Audit().Streams.All(s => s.Value.Received + s.Value.Dropped == given[s.Key.Stream].Next - 1))
            {
                return;
            }
        }
    }

    /// <summary>Received and gaps are the numbers given, each once; the ledger says the same.</summary>
    private static void AssertBooks(Collector backend, System.Text.Json.JsonElement status, string lane, ITestOutputHelper output)
    {
        var stream = $"cloud.{lane}";
        var ledger = Ledger.Of(backend.Messages.Last(m => m.Topic == $"edge/gateways/gw-1/streams/{stream}"));
        var audit = backend.Audit().Streams.Single(s => s.Key.Stream == stream).Value;
        output.WriteLine($"{stream}: {ledger}, received {audit.Received}, dropped {audit.Dropped}, duplicates {audit.Duplicates}");
        Assert.Equal((0UL, 0UL), (audit.Missing, audit.OutOfOrder));
        Assert.Equal(ledger.Oldest, ledger.Next);
        Assert.Equal(ledger.Next - 1, ledger.Acknowledged + ledger.Dropped);
        Assert.Equal((ledger.Acknowledged, ledger.Dropped), (audit.Received, audit.Dropped));
        var shown = status.GetProperty("storage").GetProperty("streams").EnumerateArray().Single(s => s.GetProperty("stream").GetString() == stream);
        Assert.InRange(shown.GetProperty("bytes").GetInt64(), 1, QueueSize);
    }

    private static void AssertKept(Collector backend, string topic, string policy, List<ReasonCode> answers)
    {
        var arrived = backend.Messages.Where(m => m.Topic == topic).Select(m => int.Parse(m.Payload.Split(':')[0], CultureInfo.InvariantCulture)).ToHashSet();
        Assert.InRange(arrived.Count, 20, QueueSize / Payload);
        if (policy == "refuse")
        {
            Assert.Equal(answers.Index().Where(static a => !a.Item.IsFailure()).Select(static a => a.Index).ToHashSet(), arrived);
            Assert.All(answers.Where(static a => a.IsFailure()), static a => Assert.Equal(ReasonCode.QuotaExceeded, a));
            return;
        }

        Assert.DoesNotContain(answers, static a => a.IsFailure());
        Assert.Equal(policy == "drop-oldest", arrived.Contains(answers.Count - 1));
        Assert.Equal(policy == "drop-newest", arrived.Contains(0));
    }

    private string Configuration(int upstream, string telemetry, string alarm) => $$"""
        gateway: { id: gw-1, data: data, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }] }
        links: [{ id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{Ports.Free()}}, timeout: 200ms }]
        devices: [{ id: boiler, link: plc, points: [{ id: t, register: holding 1 }] }]
        bridges:
          - id: cloud
            servers: ["mqtt://127.0.0.1:{{upstream}}"]
            forward: [{ filter: "lan/#" }, { filter: "edge/+/events/#" }]
            outbox: { size: 8MiB, when-full: {{telemetry}}, lanes: { alarm: { when-full: {{alarm}} } } }

        """;
}
