using System.Text.Json;
using Gateway.EndToEnd.Tests.MainJob;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Verification;

/// <summary>The example of <c>docs/backends.md</c> does what the rules say.</summary>
public sealed class ExampleBackendTests : IDisposable
{
    private const string Epoch = "00000000000000aa";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OutageDropAndItsOwnPowerCut_EverythingOnce_AndTheRestIsTold()
    {
        await using var site = await Site.PrepareAsync("");
        await using var backend = new ExampleBackend(_folder, site.Upstream.Port);
        await backend.StartAsync(isNew: true);
        await site.Gateway.StartAsync();
        await site.Backend.WaitForAsync(Site.TelemetryLedger);
        IReadOnlyList<string> acknowledged;
        ulong through;
        await using (var publisher = LanPublisher.Start(site.Lan))
        {
            await publisher.WaitForAcksAsync(100);
            await backend.KillAsync();
            await publisher.WaitForAcksAsync(100);
            await backend.StartAsync(isNew: false);
            await publisher.WaitForAcksAsync(100);
            await site.Upstream.StopAsync();
            await publisher.WaitForAcksAsync(200);
            through = await DropAllButAsync(site.Gateway, 20);
            await publisher.WaitForAcksAsync(100);
            await site.Upstream.StartAsync();
            await publisher.WaitForAcksAsync(100);
            await publisher.PauseAsync();
            acknowledged = publisher.Acknowledged;
        }

        var ledger = await Audits.CloseBooksAsync(site);
        var books = await backend.WaitForAsync("cloud.telemetry", b => b.GetProperty("mark").GetUInt64() >= ledger.Oldest - 1);
        Assert.Equal((1, "[]"), (books.GetProperty("from").GetInt32(), books.GetProperty("missing").GetRawText()));
        var operatorGap = Assert.Single(books.GetProperty("gaps").EnumerateArray(), g => g[2].GetString() == "operator");
        Assert.Equal(through, operatorGap[1].GetUInt64());
        Assert.DoesNotContain(backend.Process.Lines, l => l.Contains("alarm", StringComparison.Ordinal));

        // What is not here lies in the gap, and nothing was taken twice.
        var taken = await backend.PayloadsAsync(LanPublisher.Topic);
        Assert.Equal(taken.Count, taken.Distinct().Count());
        Assert.InRange(acknowledged.Except(taken).Count(), 1, (int)ledger.Dropped);
        Assert.Equal(ledger.Dropped, (ulong)operatorGap[1].GetInt64() - (ulong)operatorGap[0].GetInt64() + 1 + Superseded(books));
        await site.StopGatewayAsync();
    }

    [Fact]
    public async Task WhatIsMissing_RaisesAnAlarm_AndForgedMessagesDoNotEndIt()
    {
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();
        await using var backend = new ExampleBackend(_folder, upstream.Port);
        await backend.StartAsync(isNew: true);
        await using var gateway = await Collector.StartAsync(upstream.Port, "gateway", [], v5: false);
        foreach (var n in (int[])[1, 2, 2, 7, 5, 1, 12])
        {
            await gateway.PublishAsync("edge/d/telemetry/p", $$"""{"v":{{n}},"gw":"gw-9;cloud.telemetry;{{Epoch}};{{n}}"}""");
        }

        await gateway.PublishAsync("edge/gateways/gw-9/gaps", "{}");
        await gateway.PublishAsync("edge/d/telemetry/p", """{"gw":"gw-9;cloud.telemetry;aa;x"}""");
        await gateway.PublishAsync("edge/gateways/gw-9/gaps", $$"""{"stream":"cloud.telemetry","epoch":"{{Epoch}}","from":8,"to":9,"reason":"size"}""");
        await gateway.PublishAsync("edge/gateways/gw-9/gaps", $$"""{"stream":"cloud.telemetry","epoch":"{{Epoch}}","from":8,"to":10,"reason":"size"}""");
        const string Ledger = $$"""{"epoch":"{{Epoch}}","oldest":12,"next":14,"acked":5,"dropped":3}""";
        await gateway.PublishAsync("edge/gateways/gw-9/streams/cloud.telemetry", Ledger, retain: true);
        var books = await backend.WaitForAsync("cloud.telemetry", b => b.GetProperty("open").GetInt32() == 2);
        Assert.Equal((2, 5, "[[3, 4], [6, 6], [11, 11]]"), (books.GetProperty("mark").GetInt32(), books.GetProperty("received").GetInt32(), books.GetProperty("missing").GetRawText()));

        // A gap that came after the ledger explains one; the next ledger finds the others still missing. A told number that comes is taken.
        await gateway.PublishAsync("edge/gateways/gw-9/gaps", $$"""{"stream":"cloud.telemetry","epoch":"{{Epoch}}","from":11,"to":11,"reason":"age"}""");
        await gateway.PublishAsync("edge/d/telemetry/p", $$"""{"v":9,"gw":"gw-9;cloud.telemetry;{{Epoch}};9"}""");
        await gateway.PublishAsync("edge/gateways/gw-9/streams/cloud.telemetry", Ledger, retain: true);
        Assert.Contains("\"ranges\": [[3, 4], [6, 6]]", await backend.Process.WaitForAsync("\"alarm\": \"missing\""), StringComparison.Ordinal);
        await backend.WaitForAsync("cloud.telemetry", static b => b.GetProperty("received").GetInt32() == 6);
        Assert.Equal(2, backend.Process.Lines.Count(static l => l.Contains("\"alarm\": \"malformed\"", StringComparison.Ordinal)));

        // The card was copied: the new epoch is judged from 1, since the one before it was followed.
        await gateway.PublishAsync("edge/gateways/gw-9/streams/cloud.telemetry",
            $$"""{"epoch":"00000000000000bb","oldest":3,"next":3,"acked":2,"dropped":0,"previous":[{"epoch":"{{Epoch}}","oldest":14,"next":14,"acked":6,"dropped":3}]}""", retain: true);
        await backend.WaitForAsync("cloud.telemetry", static b => b.GetProperty("stream").GetString()!.EndsWith("bb", StringComparison.Ordinal)
            && b.GetProperty("missing").GetRawText() == "[[1, 2]]");
    }

    /// <returns>The last number that was dropped.</returns>
    private static async Task<ulong> DropAllButAsync(GatewayProcess gateway, ulong kept)
    {
        var list = await gateway.AskAsync("outbox", "list", "--json");
        using var listing = JsonDocument.Parse(string.Join('\n', list.Output));
        var row = listing.RootElement.GetProperty("streams").EnumerateArray().Single(static s => s.GetProperty("stream").GetString() == "cloud.telemetry");
        var through = row.GetProperty("next").GetUInt64() - 1 - kept;
        Assert.True(through > row.GetProperty("oldest").GetUInt64());
        Assert.Equal(0, (await gateway.AskAsync("outbox", "drop", "cloud.telemetry", "--through", $"{through}", "--yes")).Code);
        return through;
    }

    private static ulong Superseded(JsonElement books) =>
        books.GetProperty("gaps").EnumerateArray().Where(static g => g[2].GetString() == "superseded").Aggregate(0UL, static (sum, g) => sum + (ulong)(g[1].GetInt64() - g[0].GetInt64() + 1));
}
