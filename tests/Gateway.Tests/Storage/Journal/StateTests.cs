using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Keyed facts in the journal.</summary>
public sealed class StateTests
{
    [Fact]
    public async Task State_PutAndRemove_SurviveReopening()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        box.Journal.State.Put("cmd/1", new byte[] { 1 }, Urgency.Window);
        box.Journal.State.Put("cmd/2", new byte[] { 2 }, Urgency.Window);
        box.Journal.State.Put("other", new byte[] { 3 }, Urgency.Window);
        var removed = box.Journal.State.Remove("cmd/1", Urgency.Immediate);
        Assert.True(await box.Durability.WaitAsync(removed.Lsn));
        await box.ReopenAsync();
        var pair = Assert.Single(box.Journal.State.Read("cmd/"));
        Assert.Equal(("cmd/2", (byte)2), (pair.Key, pair.Value.Span[0]));
    }

    [Fact]
    public async Task State_MoreThanMayBeRestated_Refused()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var refused = false;
        for (var i = 0; i < 200 && !refused; i++)
        {
            var result = box.Journal.State.Put($"key/{i}", new byte[1_000], Urgency.Immediate);
            refused = result.Status == AppendStatus.Refused;
            if (!refused)
            {
                Assert.True(await box.Durability.WaitAsync(result.Lsn));
            }
        }

        Assert.True(refused);
        Assert.Equal(AppendStatus.Accepted, box.Journal.State.Remove("key/0", Urgency.Immediate).Status);
    }
}
