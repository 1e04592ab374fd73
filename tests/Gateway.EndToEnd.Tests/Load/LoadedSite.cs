using System.Globalization;
using Gateway.EndToEnd.Tests.MainJob;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Mqtt;
using Gateway.Tests;

namespace Gateway.EndToEnd.Tests.Load;

/// <summary>One gateway under a storm of publishers, Mosquitto upstream, a backend behind it, and one client that is not ours (paho) among the publishers.</summary>
internal sealed class LoadedSite : IAsyncDisposable
{
    private const string TelemetryLedger = "edge/gateways/gw-1/streams/cloud.telemetry";

    private readonly TempFolder _folder;
    private readonly Mosquitto _upstream;
    private readonly string _data;
    private readonly int _lan = Ports.Free();
    private readonly List<string> _told = [];

    private LoadedSite(TempFolder folder, string data, Mosquitto upstream, LoadBackend backend)
    {
        (_folder, _data, _upstream, Backend, Weather) = (folder, data, upstream, backend, new Weather(upstream));
        Gateway = new GatewayProcess(folder, $$"""
            gateway: { id: gw-1, data: {{data}}, clock: trusted }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{_lan}} }] }
            bridges: [{ id: cloud, servers: ["mqtt://127.0.0.1:{{upstream.Port}}"], forward: [{ filter: "lan/#" }] }]

            """);
        Storm = new LoadStorm(_lan);
        Peer = LanPublisher.Start(_lan);
    }

    public GatewayProcess Gateway { get; }

    public LoadBackend Backend { get; }

    public LoadStorm Storm { get; }

    /// <summary>paho, which sends again what was not acknowledged when the connection ended.</summary>
    public LanPublisher Peer { get; }

    public Weather Weather { get; }

    public string Journal => Path.Combine(_data, "journal");

    /// <summary>Number of the newest segment: so many were begun.</summary>
    public int SegmentsBegun => Segments().Select(n => int.Parse(n, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();

    public int SegmentsOnDisk => Segments().Count();

    /// <summary>Everything but the gateway is up.</summary>
    /// <param name="data">The gateway's data folder; null: one that goes with the test.</param>
    public static async Task<LoadedSite> PrepareAsync(string? data = null)
    {
        var folder = new TempFolder();
        var upstream = new Mosquitto(folder, "upstream", "log_type information");
        await upstream.StartAsync();
        return new LoadedSite(folder, data ?? folder.Of("data"), upstream, await LoadBackend.StartAsync(upstream.Port));
    }

    /// <summary>Nothing that was said until now is an error.</summary>
    public void AssertCalm()
    {
        _told.AddRange(Gateway.Process.Lines.Where(l => !l.Contains("info: ", StringComparison.Ordinal)));
        Assert.DoesNotContain(Gateway.Process.Lines, l =>
            l.Contains("fail: ", StringComparison.Ordinal) || l.Contains("crit: ", StringComparison.Ordinal) || l.Contains("Unhandled exception", StringComparison.Ordinal));
    }

    /// <summary>The publishers fall silent, upstream gets everything, and the gateway's books are closed and compared with what came.</summary>
    public async Task SettleAsync(ITestOutputHelper output, string what, string size, int seed)
    {
        var (missing, ledger) = await CountMissingAsync(output, what, size, seed);
        var (absent, disordered, dropped) = Backend.Audit(a => (a.Missing, a.OutOfOrder, a.Dropped));
        Assert.Equal(0, missing);
        Assert.Empty(Backend.Violations);
        Assert.Equal((0UL, 0UL), (absent, disordered));

        // The gateway's own health is retained: while upstream is away, only the newest waits.
        Assert.True(Backend.Gaps.All(g => g.Contains("\"reason\":\"superseded\"", StringComparison.Ordinal)), string.Join('\n', [.. Backend.Gaps, .. _told]));
        Assert.Single(Backend.Audit(a => a.Streams.Where(s => s.Key.Stream == "cloud.telemetry").ToList()));
        Assert.Equal((ledger.Oldest - 1, dropped), (ledger.Acknowledged + ledger.Dropped, ledger.Dropped));
    }

    /// <summary>As above, without a judgement.</summary>
    public async Task<(int Missing, PublishedLedger Ledger)> CountMissingAsync(ITestOutputHelper output, string what, string size, int seed)
    {
        await Weather.SetAsync(Weather.Sky.Up);
        Storm.Paused = true;
        await Peer.WaitForAcksAsync(1);
        await Peer.PauseAsync();
        var ledger = await CloseBooksAsync();
        var sent = Storm.All().ToList();
        var numbers = Peer.Acknowledged;
        var missing = Backend.Missing(sent).Count + Backend.Missing(numbers).Count;
        var duplicates = Backend.Audit(a => a.Duplicates);
        output.WriteLine($"{what}: {size}, {sent.Count + numbers.Count} acknowledged at {Storm.Rate:0}/s, {missing} missing, {duplicates} duplicates, {SegmentsBegun} segments begun, EDGE_GATEWAY_TEST_SEED={seed}");
        ProofSummary.Add(what, size, $"{sent.Count + numbers.Count}", $"{missing}", $"{duplicates}", $"{Storm.Rate:0}", $"{seed}");
        return (missing, ledger);
    }

    public async ValueTask DisposeAsync()
    {
        await Storm.DisposeAsync();
        await Peer.DisposeAsync();
        await Gateway.DisposeAsync();
        await Backend.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A last message, and a restart after it, so that the ledger speaks of everything.</summary>
    private async Task<PublishedLedger> CloseBooksAsync()
    {
        var text = Guid.NewGuid().ToString("N");
        var arrived = Backend.WaitForAsync(m => m.Topic == "lan/last" && m.Payload.Span.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(text)));
        await using (var last = await LanClient.JoinAsync(_lan))
        {
            Assert.False((await last.PublishAsync("lan/last", System.Text.Encoding.UTF8.GetBytes(text))).IsFailure());
        }

        var seq = PublishedLedger.SeqOf(await arrived);
        AssertCalm();
        Assert.Equal(0, await Gateway.StopAsync());
        var told = Backend.WaitForAsync(m => m.Topic == TelemetryLedger && PublishedLedger.Of(m).Oldest > seq);
        await Gateway.StartAsync();
        var ledger = PublishedLedger.Of(await told);
        AssertCalm();
        Assert.Equal(0, await Gateway.StopAsync());
        return ledger;
    }

    private IEnumerable<string> Segments() =>
        Directory.Exists(Journal) ? Directory.GetFiles(Journal, "*.seg").Select(p => Path.GetFileNameWithoutExtension(p)).Where(n => n.Length == 16) : [];
}
