namespace Gateway.Tests.Storage;

/// <summary>A card lives longer when nobody writes without a reason.</summary>
public sealed class IdleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Idle_AnHour_NothingIsWritten(int inFlight)
    {
        var disk = new SimulatedDisk { Log = [] };
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 5; i++)
        {
            await box.AppendAsync(stream, $"{i}");
        }

        foreach (var entry in JournalHarness.ReadAll(stream).Skip(inFlight))
        {
            stream.Acknowledge(entry.Seq);
        }

        await box.SparesAsync();

        // The cursor is written once it has rested for a while.
        box.Time.Advance(TimeSpan.FromMinutes(1));
        await box.TurnsAsync();
        var before = disk.Operations;
        for (var i = 0; i < 120; i++)
        {
            box.Time.Advance(TimeSpan.FromSeconds(30));
            await box.TurnsAsync();
        }

        Assert.Equal(before, disk.Operations);
        await box.ReopenAsync();
        Assert.Equal(inFlight, JournalHarness.ReadAll(box.Stream()).Count);
    }
}
