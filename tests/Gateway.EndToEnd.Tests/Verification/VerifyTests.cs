using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.EndToEnd.Tests.MainJob;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Verification;

/// <summary><c>edge-gateway verify</c> behind a real upstream: what it finds is what happened.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Outage_ThenInterrupted_NothingIsMissing_AndARecordingWithoutALineSaysWhich()
    {
        await using var site = await Site.PrepareAsync("");
        await using var verify = await VerifyProcess.StartAsync(site.Upstream, "--config", site.Gateway.Configuration);
        await site.Gateway.StartAsync();
        await site.Backend.WaitForAsync(Site.TelemetryLedger);
        int acknowledged;
        await using (var publisher = LanPublisher.Start(site.Lan))
        {
            await publisher.WaitForAcksAsync(100);
            await site.Upstream.StopAsync();
            await publisher.WaitForAcksAsync(200);
            await site.Upstream.StartAsync();
            await publisher.WaitForAcksAsync(200);
            await publisher.PauseAsync();
            acknowledged = publisher.Acknowledged.Count;
        }

        await Audits.CloseBooksAsync(site);
        await site.StopGatewayAsync();

        var verdict = (await verify.InterruptAsync()).Expect("complete");
        var telemetry = verdict.Stream("gw-1", "cloud.telemetry");
        Assert.True(telemetry.GetProperty("received").GetInt64() >= acknowledged, verdict.Text);
        Assert.Equal((1, 0, 1L), (telemetry.GetProperty("from").GetInt32(), telemetry.GetProperty("open").GetInt32(), verdict.Number("line-losses")));

        await AssertRecordingsAsync(site.Backend);
    }

    [Fact]
    public async Task UntilComplete_BacklogAndItsExport_EndsOnceNothingIsUnderWay()
    {
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();
        await using var gateway = new GatewayProcess(_folder, Configuration(upstream.Port));
        await gateway.StartAsync();
        await using var backend = await Collector.StartAsync(upstream.Port, "backend", ["#"]);
        await PublishAsync("lan/a", 3);
        await backend.WaitForAsync(m => m.Topic == "lan/a" && m.Payload == "3");
        await upstream.StopAsync();
        await PublishAsync("lan/b", 4);

        // What came so far and what still waits is everything.
        var export = _folder.Of("export.jsonl");
        Assert.Equal(0, (await gateway.AskAsync("outbox", "export", "cloud.telemetry", "--to", export)).Code);
        var recorded = Record("recorded", backend.Messages);
        var both = await ReadAsync("--from-start", "--lines", recorded, "--lines", export);
        Assert.Equal(Identities(recorded, export), both.Expect("complete").Number("received"));
        Assert.InRange(Identities(recorded, export), 7, 50);
        Assert.Equal(Identities(recorded), (await ReadAsync("--from-start", "--lines", recorded)).Number("received"));

        // It joins while all of the gateway's retained ledgers are old, and cannot know before one comes.
        await upstream.StartAsync();
        await using var verify = await VerifyProcess.StartAsync(upstream, "--bridge", "cloud", "--config", gateway.Configuration, "--until-complete", "--for", "50s");
        await PublishAsync("lan/c", 5);
        await backend.WaitForAsync(m => m.Topic == "lan/c" && m.Payload == "5");
        Assert.Equal(0, await gateway.StopAsync());
        Assert.True((await verify.EndAsync()).Expect("complete").Number("received") >= 5);
    }

    [Fact]
    public async Task DroppedByPolicy_IsReportedByReason_AndIsNoFailure()
    {
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();
        await using var gateway = new GatewayProcess(_folder, Configuration(upstream.Port, "outbox: { size: 8MiB }"));
        await using var verify = await VerifyProcess.StartAsync(upstream, "--config", gateway.Configuration);
        await gateway.StartAsync();
        await using var backend = await Collector.StartAsync(upstream.Port, "backend", ["#"]);
        await backend.WaitForAsync(Site.TelemetryLedger);
        await upstream.StopAsync();
        await PublishAsync("lan/big", 60, 200 << 10);
        await using (var lan = await Collector.StartAsync(_port, "lan", []))
        {
            await lan.PublishAsync("lan/state", "1", retain: true);
            await lan.PublishAsync("lan/state", "2", retain: true);
            await lan.PublishAsync("lan/last", "x");
        }

        await upstream.StartAsync();
        await backend.WaitForAsync("lan/last");
        Assert.Equal(0, await gateway.StopAsync());

        var stream = (await verify.InterruptAsync()).Expect("complete").Stream("gw-1", "cloud.telemetry");
        var dropped = stream.GetProperty("dropped");
        var (size, superseded) = (dropped.GetProperty("size").GetInt32(), dropped.GetProperty("superseded").GetInt32());
        Assert.InRange(size, 20, 60);
        Assert.InRange(superseded, 1, 10);
        AssertAddsUp(stream, size + superseded);
    }

    [Fact]
    public async Task TwoHops_BothGatewaysAreJudged()
    {
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();
        await using var hub = new GatewayProcess(_folder, Configuration(upstream.Port, hub: true), "hub");
        await using var verify = await VerifyProcess.StartAsync(upstream, "--server", $"mqtt://127.0.0.1:{upstream.Port}");
        await hub.StartAsync();
        var port = Ports.Free();
        await using var edge = new GatewayProcess(_folder, $$"""
            gateway: { id: gw-2, data: data-2, clock: trusted }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{port}} }] }
            http: { enabled: false }
            bridges: [{ id: hub, servers: ["mqtt://127.0.0.1:{{_port}}"], forward: [{ filter: "lan/#" }] }]

            """, "edge");
        await edge.StartAsync();
        await using var backend = await Collector.StartAsync(upstream.Port, "backend", ["#"]);
        await PublishAsync(port, "lan/n", 20);
        await backend.WaitForAsync(m => m.Topic == "lan/n" && m.Payload == "20");
        Assert.Equal(0, await edge.StopAsync());
        await PublishAsync("lan/end", 1);
        await backend.WaitForAsync("lan/end");
        Assert.Equal(0, await hub.StopAsync());

        var verdict = (await verify.InterruptAsync()).Expect("complete");
        var first = verdict.Stream("gw-2", "hub.telemetry", isOrigin: true);
        Assert.InRange(first.GetProperty("received").GetInt32(), 20, 50);
        AssertAddsUp(first, 0);
        Assert.True(verdict.Stream("gw-1", "cloud.telemetry").GetProperty("received").GetInt32() >= 21, verdict.Text);
    }

    [Fact]
    public async Task ListenerOf311_SeesIdentitiesInPayloads()
    {
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();
        await using var verify = await VerifyProcess.StartAsync(upstream, "--server", $"mqtt://127.0.0.1:{upstream.Port}", "--protocol", "3.1.1");
        await using var old = await Collector.StartAsync(upstream.Port, "gateway-of-311", [], v5: false);
        foreach (var n in (int[])[1, 2, 5])
        {
            await old.PublishAsync("edge/d/telemetry/p", $$"""{"v":{{n}},"gw":"gw-9;cloud.telemetry;00000000000000aa;{{n}}"}""");
        }

        await old.PublishAsync("edge/gateways/gw-9/gaps", """{"stream":"cloud.telemetry","epoch":"00000000000000aa","from":3,"to":3,"reason":"age"}""");
        await old.PublishAsync("edge/gateways/gw-9/streams/cloud.telemetry", """{"epoch":"00000000000000aa","oldest":6,"next":6,"acked":4,"dropped":1}""", retain: true);
        await using (var after = await Collector.StartAsync(upstream.Port, "after", ["#"]))
        {
            // The broker has sent them on before it answers the next one.
            await after.PublishAsync("edge/x", "1");
            await upstream.WaitForAsync("'edge/x'");
        }

        var stream = (await verify.InterruptAsync()).Expect("missing").Stream("gw-9", "cloud.telemetry");
        Assert.Equal((3, 1, "[[4,4]]"), (stream.GetProperty("received").GetInt32(), stream.GetProperty("missing").GetInt32(), Compact(stream.GetProperty("missing-ranges"))));
    }

    [Fact]
    public async Task AtATerminal_ShowsHowItGoes_AndCtrlCEndsWithTheVerdict()
    {
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();

        // exec: a shell in between would end of the interrupt itself.
        await using var terminal = ChildProcess.Start(
            "/usr/bin/script", ["-qfec", $"exec {GatewayProcess.Program} verify --server mqtt://127.0.0.1:{upstream.Port} --client-id watch", "/dev/null"]);
        await upstream.WaitForAsync("Sending SUBACK to watch");
        await using var gateway = new GatewayProcess(_folder, Configuration(upstream.Port));
        await gateway.StartAsync();
        await PublishAsync("lan/n", 3);
        await terminal.WaitForAsync(static l => Regex.IsMatch(l, "received ([3-9]|[1-9][0-9])  missing 0"));
        Assert.Equal(0, await gateway.StopAsync());

        await terminal.WriteLineAsync("\x03");
        Assert.Equal(0, await terminal.WaitForExitAsync());
        Assert.Contains(terminal.Lines, l => l.Contains("GATEWAY  STREAM", StringComparison.Ordinal));
        Assert.Contains(terminal.Lines, l => l.StartsWith("gw-1     cloud.telemetry", StringComparison.Ordinal));
        Assert.Equal("nothing is missing", terminal.Lines.Last(l => l.Length > 0));
    }

    [Fact]
    public async Task WhatCannotBe_IsRefusedInWords()
    {
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();
        var address = $"mqtt://127.0.0.1:{upstream.Port}";
        var nothing = await GatewayCommand.RunAsync("verify", "--server", address, "--for", "1s");
        Assert.Equal(1, nothing.Code);
        Assert.StartsWith("nothing is proven: ", nothing.Output[^1], StringComparison.Ordinal);

        var away = await GatewayCommand.RunAsync("verify", "--server", $"mqtt://127.0.0.1:{Ports.Free()}");
        Assert.Contains("nothing listens on", away.Refusal(), StringComparison.Ordinal);

        foreach (var (arguments, said) in ((string[], string)[])
        [
            (["--server", address, "--lines", "-"], "say once where"),
            (["--server", address, "--for", "soon"], "--for soon"),
            (["--server", address, "--filter", "a/#/b"], "not a topic filter"),
            (["--server", address, "--protocol", "4"], "'4'"),
            (["--lines", "x", "--username", "u"], "--username belongs to --server"),
            (["--bridge", "x", "--config", _folder.Write("gw.yaml", Configuration(1))], "it has cloud"),
        ])
        {
            var wrong = await GatewayCommand.RunAsync([], ["verify", .. arguments]);
            Assert.Equal(2, wrong.Code);
            Assert.Contains(said, string.Join('\n', wrong.Errors), StringComparison.Ordinal);
        }

        Assert.Equal(78, (await GatewayCommand.RunAsync("verify", "--config", _folder.Write("bad.yaml", "gateway: { idd: x }\n"))).Code);
    }

    /// <summary>A recording of everything is complete; without some of its lines they are named.</summary>
    private async Task AssertRecordingsAsync(Collector backend)
    {
        (await ReadAsync("--from-start", "--lines", Record("all", backend.Messages))).Expect("complete");
        var cut = backend.Messages.Where(static m => m.Identity is not { } gw || !gw.Contains(";cloud.telemetry;", StringComparison.Ordinal) || Number(gw) is not (150 or 151 or 200));
        var file = Record("cut", cut);
        var stream = (await ReadAsync("--from-start", "--lines", file)).Expect("missing").Stream("gw-1", "cloud.telemetry");
        Assert.Equal((3, "[[150,151],[200,200]]"), (stream.GetProperty("missing").GetInt32(), Compact(stream.GetProperty("missing-ranges"))));
        var text = await GatewayCommand.RunAsync("verify", "--from-start", "--lines", file);
        Assert.Equal((1, "MISSING: 3 messages neither came nor were told"), (text.Code, text.Output[^1]));
        Assert.Contains("  → missing 150-151, 200", text.Output);
    }

    /// <summary>Every number that the gateway gave is here or dropped. Besides what the test publishes there is what the gateway tells of its health.</summary>
    private static void AssertAddsUp(JsonElement stream, int dropped)
    {
        var ledger = stream.GetProperty("ledger");
        Assert.Equal(ledger.GetProperty("next").GetInt32() - 1, stream.GetProperty("received").GetInt32() + dropped);
        Assert.Equal((ledger.GetProperty("dropped").GetInt32(), 0), (dropped, stream.GetProperty("missing").GetInt32()));
    }

    /// <summary>Different identities in files of lines.</summary>
    private static int Identities(params string[] files) => files.SelectMany(File.ReadLines).Select(static l => JsonDocument.Parse(l).RootElement)
        .Where(static l => l.TryGetProperty("gw", out _)).Select(static l => l.GetProperty("gw").GetString()).Distinct().Count();

    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json);

    private static ulong Number(string identity) => ulong.Parse(identity.Split(';')[3], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<Verdict> ReadAsync(params string[] arguments)
    {
        var command = await GatewayCommand.RunAsync([], ["verify", "--json", .. arguments]);
        return new Verdict(command.Code, string.Join('\n', [.. command.Output, .. command.Errors]));
    }

    private string Record(string name, IEnumerable<Received> messages) => _folder.Write($"{name}.jsonl", string.Concat(messages.Select(static m =>
        JsonSerializer.Serialize(m.Identity is { } gw ? new Dictionary<string, string> { ["topic"] = m.Topic, ["payload"] = m.Payload, ["gw"] = gw } : new() { ["topic"] = m.Topic, ["payload"] = m.Payload }) + "\n")));

    private Task PublishAsync(string topic, int count, int size = 0) => PublishAsync(_port, topic, count, size);

    /// <summary>Numbers from 1 on, at QoS 1; of this many bytes, if any number is given.</summary>
    private static async Task PublishAsync(int port, string topic, int count, int size = 0)
    {
        await using var lan = await LanClient.JoinAsync(port);
        for (var n = 1; n <= count; n++)
        {
            await lan.PublishAsync(topic, Encoding.UTF8.GetBytes($"{n}".PadRight(size)));
        }
    }

    private string Configuration(int upstream, string outbox = "", bool hub = false) => $$"""
        gateway: { id: gw-1, data: data, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }] }
        http: { enabled: false }
        bridges:
          - id: cloud
            servers: ["mqtt://127.0.0.1:{{upstream}}"]
            forward: [{ filter: "lan/#" }{{(hub ? """, { filter: "edge/gateways/#" }""" : "")}}]
            {{outbox}}

        """;
}
