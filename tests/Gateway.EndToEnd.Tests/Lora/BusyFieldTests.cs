using System.Diagnostics;
using System.Globalization;
using Gateway.EndToEnd.Tests.MainJob;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Simulators;

namespace Gateway.EndToEnd.Tests.Lora;

/// <summary>1,000 nodes behind one modem, all of which speak, 50 packets a second together: half of them are in the configuration, half are let in by a pattern.</summary>
[Collection(AloneCollection.Name)]
public sealed class BusyFieldTests(ITestOutputHelper output) : IDisposable
{
    private const int Nodes = 1000;
    private const int Configured = Nodes / 2;
    private const int PerSecond = 50;

    /// <summary>How long the nodes speak. In a second less than they need for one packet each at that rate, they are quicker at first.</summary>
    private static readonly int s_seconds = int.Parse(Environment.GetEnvironmentVariable("EDGE_GATEWAY_TEST_LORA_SECONDS") is { Length: > 0 } text ? text : "1", CultureInfo.InvariantCulture);

    private readonly TempFolder _folder = new();
    private readonly List<(int Node, decimal Celsius)> _sent = [];

    [Fact]
    public async Task Daemon_50PacketsASecondOf1000Nodes_EachBecomesAReading_HereAndUpstream()
    {
        var modem = new SimulatedReyax();
        await using var port = new ModemPort(modem);
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();
        await using var backend = await Collector.StartAsync(upstream.Port, "backend", ["edge/+/telemetry/temperature-3"]);
        var (lan, web) = (Ports.Free(), Ports.Free());
        await using var gateway = new GatewayProcess(_folder, $$"""
            gateway: { data: {{_folder.Of("data")}}, clock: trusted }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{lan}} }] }
            http: { bind: 127.0.0.1, port: {{web}} }
            links: [{ id: field, type: lora, modem: rylr998, serial-port: {{port.Device}}, region: eu868, frequency: 868.1MHz, unknown: { allow: "*", limit: {{Nodes}} } }]
            devices:
            {{string.Join('\n', Enumerable.Range(1, Configured).Select(n => $"  - {{ id: node-{n}, link: field, node: {n} }}"))}}
            bridges: [{ id: cloud, servers: ["mqtt://127.0.0.1:{{upstream.Port}}"], forward: [standard] }]

            """);
        await gateway.StartAsync();
        await using var subscriber = await Collector.StartAsync(lan, "lan-client", ["edge/+/telemetry/temperature-3"]);
        using var metrics = new ScrapedMetrics(web);
        await metrics.WaitForAsync(_ => modem.IsListening && modem.Settings.ContainsKey("CRFOP"));

        var firstRate = Math.Max(PerSecond, Configured / s_seconds);
        async Task SpeakAsync(string what, int first, int nodes, int packets, int rate)
        {
            var before = Usage.Of(gateway.Process.Id);
            await HearAsync(modem, first, nodes, packets, rate);
            await metrics.WaitForAsync(sum => sum("edge_gateway_lora_packets_decoded_total") >= _sent.Count);
            output.WriteLine($"{what}, {rate} packets a second: {Usage.Of(gateway.Process.Id).Since(before)}");
        }

        await SpeakAsync($"{Configured} nodes of the configuration speak for the first time", 1, Configured, Configured, firstRate);
        await SpeakAsync($"{Nodes - Configured} unknown nodes are let in", 1 + Configured, Nodes - Configured, Nodes - Configured, firstRate);
        await SpeakAsync($"{Nodes} nodes speak for {s_seconds} s", 1, Nodes, PerSecond * s_seconds, PerSecond);

        var wanted = _sent.Select(s => ($"edge/{(s.Node <= Configured ? "node" : "lora")}-{s.Node}/telemetry/temperature-3", s.Celsius.ToString(CultureInfo.InvariantCulture))).Order().ToList();
        var here = await AllAsync(subscriber, wanted.Count);
        var there = await AllAsync(backend, wanted.Count);
        var counted = await metrics.WaitForAsync(static _ => true);
        output.WriteLine($"{_sent.Count} packets sent, {counted("edge_gateway_lora_packets_total"):0} delivered by the modem, {here.Count} of them published on the LAN and {there.Count} upstream; {counted("edge_gateway_pipeline_published_total"):0} messages altogether");
        Assert.Equal(wanted, here);
        Assert.Equal(wanted, there);
        Assert.Equal(0, counted("edge_gateway_lora_modem_noise_bytes_total"));
        Assert.Equal(0, await gateway.StopAsync());
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>One node after the other, at that rate; each says another temperature each time.</summary>
    private async Task HearAsync(SimulatedReyax modem, int first, int nodes, int packets, int rate)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < packets; i++)
        {
            var due = TimeSpan.FromSeconds(i / (double)rate);
            if (due > watch.Elapsed)
            {
                await Task.Delay(due - watch.Elapsed, TestContext.Current.CancellationToken);
            }

            var node = first + (i % nodes);
            var tenths = (short)(_sent.Count % 5000);
            Assert.True(modem.Hear([3, 103, (byte)(tenths >> 8), (byte)tenths], from: node));
            _sent.Add((node, tenths / 10m));
        }
    }

    private static async Task<List<(string Topic, string Value)>> AllAsync(Collector collector, int count)
    {
        var seen = 0;
        await collector.WaitForAsync(_ => ++seen >= count);
        return [.. collector.Messages.Select(static m => (m.Topic, FieldReading.Of(m).Value)).Order()];
    }
}
