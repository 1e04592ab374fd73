using Gateway.EndToEnd.Tests.MainJob;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Tests;
using Gateway.Tests.Storage;

namespace Gateway.EndToEnd.Tests.Load;

/// <summary>Debian's Mosquitto under the same storm and the same cuts, with a subscriber that is away as a bridge's upstream would be. Nothing is expected of it: what it lost is told.</summary>
[Collection(AloneCollection.Name)]
public sealed class PowerCutPeerTests(ITestOutputHelper output)
{
    /// <summary>What of its options loses least: its database is written every second, whole.</summary>
    private static readonly string[] s_safest = ["log_type information", "autosave_interval 1", "autosave_on_changes false", "max_inflight_messages 0", "max_queued_messages 0"];

    [Fact]
    public async Task PowerCut_OfMosquitto_TellsHowManyAcknowledgedMessagesItLost()
    {
        Assert.SkipUnless(Wishes.PeerToo, "only when asked for: scripts/prove --peer mosquitto");
        using var image = Ext4Image.TryMake(mebibytes: 512, out var reason);
        Assert.SkipWhen(image is null, $"no loop mount here: {reason}");
        var (cuts, seed) = (Wishes.Cuts, Wishes.Seed);
        var random = new Random(seed);
        using var folder = new TempFolder();
        await using var peer = new Mosquitto(folder, "peer", [.. s_safest, $"persistence_location {image!.Mount}/"]);
        await using var storm = new LoadStorm(peer.Port) { Paused = true };
        var counted = new HashSet<(int, int)>();
        var lost = 0;
        for (var cut = 1; cut <= cuts; cut++)
        {
            await peer.StartAsync();

            // Its session stays.
            await (await LoadBackend.StartAsync(peer.Port)).DisposeAsync();
            storm.Paused = false;
            await storm.RunForAsync(random.Next(4_000, 10_000));
            image.CutPower();
            await peer.KillAsync();
            storm.Paused = true;
            image.Remount();
            await peer.StartAsync();
            await using var backend = await LoadBackend.StartAsync(peer.Port);
            await Quiet.ForAsync(TimeSpan.FromSeconds(1), () => (int)backend.Received);
            var acknowledged = storm.All().Where(counted.Add).ToList();
            var missing = backend.Missing(acknowledged).Count;
            output.WriteLine($"cut {cut}: {acknowledged.Count} acknowledged, {missing} missing");
            lost += missing;
            await peer.StopAsync();
        }

        ProofSummary.Add("Mosquitto: power of its ext4 cut", $"{cuts} cuts", $"{counted.Count}", $"{lost}", "", $"{storm.Rate:0}", $"{seed}");
    }
}
