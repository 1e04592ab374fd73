using Gateway.EndToEnd.Tests.MainJob;

namespace Gateway.EndToEnd.Tests.Load;

/// <summary>kill -9 of the whole gateway at any moment of its life: at work, when a segment begins, while it starts, while it stops.</summary>
[Collection(AloneCollection.Name)]
public sealed class KillTests(ITestOutputHelper output)
{
    /// <summary>From here on a run is long enough that segments must have been used again.</summary>
    private const int Many = 50;

    [Fact]
    public async Task Killed_UnderLoad_EverythingAcknowledgedArrives()
    {
        var (kills, seed) = (Wishes.Kills, Wishes.Seed);
        output.WriteLine($"{kills} kills, EDGE_GATEWAY_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var site = await LoadedSite.PrepareAsync();
        for (var kill = 0; kill < kills;)
        {
            var moment = (kill % 6) switch
            {
                1 => KillStartingAsync(site, random, Math.Min(3, kills - kill)),
                4 => KillStoppingAsync(site, random),
                5 => KillAtASegmentsBeginAsync(site),
                _ => KillAtWorkAsync(site, random),
            };
            kill += await moment;
        }

        await site.Gateway.StartAsync();
        await site.Storm.RunForAsync(500);
        await site.SettleAsync(output, "kill -9 of the whole gateway", $"{kills} kills", seed);
        Assert.True(kills < Many || site.SegmentsBegun > site.SegmentsOnDisk + Many / 10, $"{site.SegmentsBegun} segments begun, {site.SegmentsOnDisk} on disk: none was used again");
    }

    private static async Task<int> KillAtWorkAsync(LoadedSite site, Random random)
    {
        await site.Gateway.StartAsync();
        await site.Storm.RunForAsync(random.Next(1, 3_000));
        await site.Weather.ChangeAsync(random);
        await site.Storm.RunForAsync(random.Next(1, 4_000));
        return await KillAsync(site);
    }

    /// <summary>Again and again between exec and the first acknowledgement: half of them before it has read its journal, and right after that.</summary>
    private static async Task<int> KillStartingAsync(LoadedSite site, Random random, int times)
    {
        for (var i = 0; i < times; i++)
        {
            site.Gateway.Launch();
            await (i == 1 ? site.Gateway.Process.WaitForAsync("Journal opened") : Task.Delay(random.Next(0, i == 0 ? 300 : 900)));
            await KillAsync(site);
        }

        return times;
    }

    private static async Task<int> KillStoppingAsync(LoadedSite site, Random random)
    {
        await site.Gateway.StartAsync();
        await site.Storm.RunForAsync(random.Next(1, 2_000));
        var stopping = site.Gateway.Process.TerminateAsync();
        await Task.WhenAny(stopping, Task.Delay(random.Next(0, 200)));
        await site.Gateway.Process.KillAsync();
        await stopping;
        return await KillAsync(site);
    }

    /// <summary>A segment gets its header, then a first commit that restates everything, then the ones before it may be used again.</summary>
    private static async Task<int> KillAtASegmentsBeginAsync(LoadedSite site)
    {
        await site.Gateway.StartAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(site.Journal, "*.seg") { NotifyFilter = NotifyFilters.FileName };
        watcher.Renamed += (_, _) => begun.TrySetResult();
        watcher.EnableRaisingEvents = true;
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return await KillAsync(site);
    }

    private static async Task<int> KillAsync(LoadedSite site)
    {
        site.AssertCalm();
        await site.Gateway.KillAsync();
        return 1;
    }
}
