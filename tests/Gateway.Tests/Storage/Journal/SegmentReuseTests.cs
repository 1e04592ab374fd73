namespace Gateway.Tests.Storage;

/// <summary>Segments of which nothing is needed any more are used again.</summary>
public sealed class SegmentReuseTests
{
    [Fact]
    public async Task ManySegments_AcknowledgedOnes_AreUsedAgain()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var stream = box.Stream();
        var payload = new string('x', 3_000);
        for (var i = 1; i <= 1_000; i++)
        {
            await box.AppendAsync(stream, $"{i}:{payload}");
            Assert.True(stream.TryRead((ulong)i, out var entry));
            Assert.StartsWith($"{i}:", JournalHarness.Text(entry));
            stream.Acknowledge(entry.Seq);
        }

        Assert.Equal(1_001UL, stream.Ledger.Oldest);
        await box.ReopenAsync();
        Assert.InRange(box.Journal.Report.Segments, 1, 10);
        Assert.Equal(1_001UL, box.Stream().Ledger.Oldest);
    }
}
