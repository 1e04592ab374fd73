using Gateway.EndToEnd.Tests.Peers;
using Gateway.Tests;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>Upstream goes away while values flow, and comes back.</summary>
public class OutageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task UpstreamAway_EveryIdentityArrivesInOrderOrLiesInASupersededGap()
    {
        await using var meter = new PymodbusServer(1);
        await using var boiler = new PymodbusServer(1);
        await Task.WhenAll(meter.StartAsync(), boiler.StartAsync());
        await using var site = await Site.StartAsync($$"""
            links:
              - { id: one, type: modbus-tcp, host: 127.0.0.1, port: {{meter.Port}} }
              - { id: two, type: modbus-tcp, host: 127.0.0.1, port: {{boiler.Port}} }
            devices:
              - id: meter
                link: one
                points:
                  - { id: voltage, register: input 0, scale: 0.1, every: 50ms }
                  - { id: current, register: input 1, every: 100ms }
              - id: boiler
                link: two
                points: [{ id: temperature, register: holding 0, type: int16, every: 200ms }]
            """);
        await site.Backend.WaitForAsync("edge/meter/telemetry/voltage");
        await site.Backend.WaitForAsync("edge/boiler/telemetry/temperature");
        await using var lan = await site.JoinLanAsync("edge/#");

        await site.Upstream.StopAsync();
        var back = DateTimeOffset.UtcNow + Wishes.Outage;

        // Presence is retained: of what changes during the outage, upstream needs the last state only.
        await boiler.KillAsync();
        await lan.WaitForAsync(m => m is { Topic: "edge/boiler/status", Payload: "offline" });
        await boiler.StartAsync();
        var wasOffline = false;
        await lan.WaitForAsync(m =>
        {
            wasOffline |= m is { Topic: "edge/boiler/status", Payload: "offline" };
            return wasOffline && m is { Topic: "edge/boiler/status", Payload: "online" };
        });
        var (code, status) = await site.Gateway.StatusAsync();
        Assert.Equal((1, "degraded"), (code, status.GetProperty("bridges")[0].GetProperty("state").GetString()));
        await lan.WaitForAsync(m => FieldReading.Is(m) && FieldReading.Of(m).At >= back.ToUnixTimeMilliseconds(), Wishes.Outage * 2);
        await site.Upstream.StartAsync();
        var ledger = await Audits.CloseBooksAsync(site);

        var audit = site.Backend.Audit();
        ProofSummary.Add("upstream away", $"{Wishes.Outage.TotalSeconds} s", $"{audit.Received} identities", $"{audit.Missing}", $"{audit.Duplicates}", "", "");
        Audits.AssertComplete(site.Backend, ledger, "superseded");
        var readings = FieldReading.All(site.Backend);
        Audits.AssertNoHoles(readings);
        Assert.True(ledger.Dropped > 0, "the boiler went and came while upstream was away: the older state should have been superseded");
        await site.StopGatewayAsync();
        output.WriteLine($"outage {Wishes.Outage}, {readings.Count} readings, {site.Backend.Audit().Duplicates} duplicates, {ledger.Dropped} superseded");
    }
}
