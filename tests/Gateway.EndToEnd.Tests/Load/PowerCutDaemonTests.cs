using Gateway.EndToEnd.Tests.MainJob;
using Gateway.Tests.Storage;

namespace Gateway.EndToEnd.Tests.Load;

/// <summary>The power of the disk goes while the whole gateway works: what it acknowledged arrives upstream.</summary>
public sealed class PowerCutDaemonTests(ITestOutputHelper output)
{
    [Fact]
    public async Task PowerCut_UnderLoad_EverythingAcknowledgedArrives()
    {
        using var image = Ext4Image.TryMake(mebibytes: 512, out var reason);
        Assert.SkipWhen(image is null, $"no loop mount here: {reason}");
        var (cuts, seed) = (Wishes.Cuts, Wishes.Seed);
        output.WriteLine($"{cuts} cuts, EDGE_GATEWAY_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var site = await LoadedSite.PrepareAsync(Path.Combine(image!.Mount, "data"));
        for (var cut = 1; cut <= cuts; cut++)
        {
            await site.Gateway.StartAsync();
            await site.Storm.RunForAsync(random.Next(1, 3_000));
            await site.Weather.ChangeAsync(random);
            await site.Storm.RunForAsync(random.Next(500, 4_000));
            site.AssertCalm();
            image.CutPower();
            await site.Gateway.KillAsync();
            image.Remount();
        }

        await site.Gateway.StartAsync();
        await site.SettleAsync(output, "power of the whole gateway's ext4 cut", $"{cuts} cuts", seed);
        Assert.False(Directory.Exists(Path.Combine(image.Mount, "data", "quarantine")), "a torn tail was taken for damage");
    }
}
