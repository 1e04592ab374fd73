using Gateway.EndToEnd.Tests.Peers;
using Gateway.Tests;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>kill -9 again and again.</summary>
public class CrashTests(ITestOutputHelper output)
{
    /// <summary>The commit window that the README states, and what a busy disk and machine add to it.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Killed_NothingAcknowledgedIsMissing_ReadingsOfAtMostTheWindowAre()
    {
        var (kills, seed) = (Wishes.PollingKills, Wishes.Seed);
        output.WriteLine($"{kills} kills, EDGE_GATEWAY_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var meter = new PymodbusServer(1);
        await meter.StartAsync();
        await using var site = await Site.StartAsync($$"""
            links: [{ id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{meter.Port}} }]
            devices:
              - id: meter
                link: plc
                points:
                  - { id: voltage, register: input 0, every: 20ms }
                  - { id: current, register: input 1, every: 20ms }
            """);
        await using var lan = await site.JoinLanAsync("edge/+/telemetry/#");
        await using var publisher = LanPublisher.Start(site.Lan);
        await site.Upstream.StopAsync();
        for (var i = 0; i < kills; i++)
        {
            await LetLiveAsync(site, lan, publisher, random, loud: i % 2 == 0);
            if (random.Next(4) == 0)
            {
                await KillStartingAsync(site, random);
            }

            await site.Gateway.StartAsync();
        }

        await publisher.ResumeAsync();
        await publisher.WaitForAcksAsync(1);
        await site.Upstream.StartAsync();

        // Once more while the queue drains: what was sent and not yet noted as acknowledged comes twice.
        var half = site.Backend.Messages.Count + (publisher.Acknowledged.Count / 2);
        await site.Backend.WaitForAsync(_ => --half <= 0, TimeSpan.FromSeconds(90));
        await site.KillGatewayAsync();
        await site.Gateway.StartAsync();
        await publisher.WaitForAcksAsync(1);
        await publisher.PauseAsync();
        var ledger = await Audits.CloseBooksAsync(site);

        var arrived = site.Backend.Messages.Where(m => m.Topic == LanPublisher.Topic).Select(m => m.Payload).ToHashSet();
        var missing = publisher.Acknowledged.Except(arrived).ToList();
        ProofSummary.Add("kill -9 while it polls", $"{kills} kills", $"{publisher.Acknowledged.Count}", $"{missing.Count}", $"{site.Backend.Audit().Duplicates}", "", $"{seed}");
        Audits.AssertComplete(site.Backend, ledger, "superseded");
        Assert.Empty(missing);
        var worst = AssertReadings(FieldReading.All(site.Backend), FieldReading.All(lan));
        await site.StopGatewayAsync();
        output.WriteLine($"{publisher.Acknowledged.Count} acknowledged, {site.Backend.Audit().Duplicates} duplicates, at most {worst} of readings lost by a kill");
    }

    /// <summary>Until a random moment; loud with a client that wants acknowledgements, which takes readings along to the disk, or with readings alone.</summary>
    private static async Task LetLiveAsync(Site site, Collector lan, LanPublisher publisher, Random random, bool loud)
    {
        if (loud)
        {
            await publisher.ResumeAsync();
            await publisher.WaitForAcksAsync(random.Next(1, 300));
        }
        else
        {
            await publisher.PauseAsync();
            var alive = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            await lan.WaitForAsync(m => FieldReading.Of(m).At >= alive + random.Next(0, 3_000));
        }

        await site.KillGatewayAsync();
    }

    /// <summary>Somewhere between exec and the first reading.</summary>
    private static async Task KillStartingAsync(Site site, Random random)
    {
        site.Gateway.Launch();
        await Task.Delay(random.Next(0, 800));
        await site.KillGatewayAsync();
    }

    /// <summary>Upstream has every reading of each start up to a last one, and what the LAN saw after that is no longer than the window.</summary>
    private static TimeSpan AssertReadings(IReadOnlyList<FieldReading> arrived, IReadOnlyList<FieldReading> seen)
    {
        Audits.AssertNoHoles(arrived);
        var known = arrived.Select(r => (r.Topic, r.Boot, r.Seq)).ToHashSet();
        var worst = TimeSpan.Zero;
        foreach (var start in seen.Where(r => !known.Contains((r.Topic, r.Boot, r.Seq))).GroupBy(r => r.Boot))
        {
            var lost = TimeSpan.FromMilliseconds(start.Max(r => r.At) - start.Min(r => r.At));
            Assert.True(lost <= s_window, $"start {start.Key}: readings of {lost} are lost");
            worst = lost > worst ? lost : worst;
        }

        return worst;
    }
}
