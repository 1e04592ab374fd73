using Gateway.EndToEnd.Tests.MainJob;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Tests.Storage;

namespace Gateway.EndToEnd.Tests.Load;

/// <summary>The power of the disk goes while the whole gateway works: what it acknowledged arrives upstream.</summary>
[Collection(AloneCollection.Name)]
public sealed class PowerCutDaemonTests(ITestOutputHelper output)
{
    private const int Mebibytes = 512;

    [Fact]
    public async Task PowerCut_UnderLoad_EverythingAcknowledgedArrives()
    {
        using var image = Ext4Image.TryMake(Mebibytes, out var reason);
        Assert.SkipWhen(image is null, $"no loop mount here: {reason}");
        var (cuts, seed) = (Wishes.Cuts, Wishes.Seed);
        output.WriteLine($"{cuts} cuts, EDGE_GATEWAY_TEST_SEED={seed}");
        await using var site = await LoadedSite.PrepareAsync(Path.Combine(image!.Mount, "data"));
        await CutAsync(site, image, cuts, new Random(seed), site.Weather.ChangeAsync, null);
        await site.SettleAsync(output, "power of the whole gateway's ext4 cut", $"{cuts} cuts", seed);
        Assert.False(Directory.Exists(Path.Combine(image.Mount, "data", "quarantine")), "a torn tail was taken for damage");
    }

    /// <summary>The proof of the proof: a gateway whose fdatasync does nothing is found out.</summary>
    [Fact]
    public async Task PowerCut_OfAGatewayThatDoesNotSync_IsNoticed()
    {
        using var image = Ext4Image.TryMake(Mebibytes, out var reason);
        Assert.SkipWhen(image is null, $"no loop mount here: {reason}");
        using var folder = new TempFolder();
        var environment = new Dictionary<string, string> { ["LD_PRELOAD"] = await Preload.CompileAsync(folder, "no_sync.c") };
        var seed = Wishes.Seed;
        await using var site = await LoadedSite.PrepareAsync(Path.Combine(image!.Mount, "data"));
        await CutAsync(site, image, 2, new Random(seed), _ => site.Weather.SetAsync(Weather.Sky.Down), environment);
        var (missing, _) = await site.CountMissingAsync(output, "control: the same with an fdatasync that does nothing", "2 cuts", seed);
        Assert.NotEqual(0, missing);
    }

    private static async Task CutAsync(
        LoadedSite site, Ext4Image image, int cuts, Random random, Func<Random, Task> changeWeather, IReadOnlyDictionary<string, string>? environment)
    {
        for (var cut = 1; cut <= cuts; cut++)
        {
            await site.Gateway.StartAsync(environment);
            await site.Storm.RunForAsync(random.Next(1, 3_000));
            await changeWeather(random);
            await site.Storm.RunForAsync(random.Next(500, 4_000));
            site.AssertCalm();
            image.CutPower();
            await site.Gateway.KillAsync();
            image.Remount();
        }

        await site.Gateway.StartAsync();
    }
}
