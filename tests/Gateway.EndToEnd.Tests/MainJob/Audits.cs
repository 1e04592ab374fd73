using Gateway.EndToEnd.Tests.Peers;
using Gateway.Verification;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>What must hold of everything that a backend ever got.</summary>
internal static class Audits
{
    /// <summary>Publishes a last message on the LAN, and restarts the gateway so that its ledger speaks of everything up to it.</summary>
    /// <returns>That ledger.</returns>
    public static async Task<Ledger> CloseBooksAsync(Site site)
    {
        ulong last;
        await using (var lan = await site.JoinLanAsync())
        {
            var text = Guid.NewGuid().ToString("N");
            await lan.PublishAsync("lan/last", text);
            var marker = await site.Backend.WaitForAsync(m => m.Topic == "lan/last" && m.Payload == text, TimeSpan.FromSeconds(90));
            last = ulong.Parse(marker.Identity!.Split(';')[3], System.Globalization.CultureInfo.InvariantCulture);
        }

        await site.StopGatewayAsync();
        await site.Gateway.StartAsync();
        return Ledger.Of(await site.Backend.WaitForAsync(m => m.Topic == Site.TelemetryLedger && Ledger.Of(m).Oldest > last));
    }

    /// <summary>Every number of every stream came, or lies in a gap of this reason; the first time in order; twice only as the same message; the ledger says the same.</summary>
    public static void AssertComplete(Collector backend, Ledger ledger, string gapReason)
    {
        var audit = backend.Audit();
        Assert.True(audit is { Missing: 0, OutOfOrder: 0 }, Explain(backend, audit, ledger));
        Assert.All(audit.Streams.GroupBy(s => s.Key.Stream), epochs => Assert.Single(epochs));
        var telemetry = audit.Streams.Single(s => s.Key.Stream == "cloud.telemetry").Value;
        Assert.Equal(ledger.Dropped, telemetry.Dropped);
        Assert.Equal(ledger.Oldest - 1, ledger.Acknowledged + ledger.Dropped);
        Assert.All(backend.Messages.Where(m => m.Topic == "edge/gateways/gw-1/gaps"), g => Assert.Equal(gapReason, g.Json.GetProperty("reason").GetString()));
        foreach (var copies in backend.Messages.Where(m => m.Identity is not null).GroupBy(m => m.Identity))
        {
            Assert.Single(copies.Select(c => (c.Topic, c.Payload, c.Retain)).Distinct());
        }
    }

    private static string Explain(Collector backend, IdentityAudit audit, Ledger ledger) => string.Join('\n', (string[])
    [
        .. audit.Streams.Select(s => $"{s.Key.Stream} {s.Key.Epoch:x16}: received {s.Value.Received}, missing {s.Value.Missing}, out of order {s.Value.OutOfOrder}, dropped {s.Value.Dropped}"),
        $"{ledger}",
        .. backend.Messages.Where(m => m.Topic.StartsWith("edge/gateways/", StringComparison.Ordinal)).Select(m => $"{m.Topic} {m.Payload}"),
        $"absent from {Site.TelemetryLedger}: {string.Join(' ', Absent(backend, ledger))}",
    ]);

    private static IEnumerable<ulong> Absent(Collector backend, Ledger ledger)
    {
        var seen = backend.Messages.Where(m => m.Identity?.Contains(";cloud.telemetry;", StringComparison.Ordinal) == true)
            .Select(m => ulong.Parse(m.Identity!.Split(';')[3], System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();
        for (var n = 1UL; n < ledger.Oldest; n++)
        {
            if (!seen.Contains(n))
            {
                yield return n;
            }
        }
    }

    /// <summary>The points' own numbers have no holes: what was read was not lost before it got a number of its stream.</summary>
    public static void AssertNoHoles(IReadOnlyList<FieldReading> readings)
    {
        foreach (var point in readings.GroupBy(r => (r.Topic, r.Boot)))
        {
            var numbers = point.Select(r => r.Seq).Distinct().ToList();
            Assert.Equal(((ulong)numbers.Count, 1UL), (numbers.Max(), numbers.Min()));
        }
    }
}

/// <summary>A ledger as published.</summary>
internal sealed record Ledger(ulong Oldest, ulong Next, ulong Acknowledged, ulong Dropped)
{
    public static Ledger Of(Received message)
    {
        var json = message.Json;
        return new(json.GetProperty("oldest").GetUInt64(), json.GetProperty("next").GetUInt64(), json.GetProperty("acked").GetUInt64(), json.GetProperty("dropped").GetUInt64());
    }
}
