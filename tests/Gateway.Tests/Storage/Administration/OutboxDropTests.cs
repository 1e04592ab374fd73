using Gateway.Storage;

namespace Gateway.Tests.Storage;

public sealed class OutboxDropTests
{
    private static readonly StreamId s_old = new("old", Lane.Telemetry);

    [Fact]
    public async Task Drop_Through_IsOneGapAndTheRestIsSent()
    {
        await using var box = await FilledAsync(10);
        var stream = box.Stream();

        var dropped = await box.Journal.Administration.DropAsync(stream.Id, 4, inFlightToo: false);

        Assert.Equal(new OperatorDrop(4, 0), dropped);
        Assert.Equal((1UL, 4UL, GapReason.Operator), stream.Gaps.Select(g => (g.From, g.To, g.Reason)).Single());
        Assert.Equal([5, 6, 7, 8, 9, 10], JournalHarness.ReadAll(stream).Select(e => (int)e.Seq));
        Assert.Equal((5UL, 4UL), (stream.Ledger.Oldest, stream.Ledger.Dropped));
    }

    [Fact]
    public async Task Drop_Everything_IsDurableAtOnceAndCountedByReason()
    {
        var disk = new SimulatedDisk { Log = [] };
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        await AppendAsync(box, stream, 10);
        Assert.NotNull(await box.Journal.Administration.DropAsync(stream.Id, null, inFlightToo: false));
        var cut = disk.Operations;

        await using var after = new JournalHarness("/data", SimulatedDisk.AfterPowerCut(disk.Log, cut, new Random(1)));
        after.Open();
        var overview = Assert.Single(after.Journal.Administration.Streams);
        Assert.Equal((11UL, 11UL, 0UL), (overview.Ledger.Oldest, overview.Ledger.Next, overview.Waiting));
        Assert.Equal(10UL, overview.Dropped[GapReason.Operator]);
        Assert.Equal(0L, overview.Bytes);
        Assert.Equal(10UL, Assert.Single(overview.Gaps).Count);
    }

    [Fact]
    public async Task Drop_InFlight_StaysUntilUpstreamHasIt()
    {
        await using var box = await FilledAsync(5);
        var stream = box.Stream();
        Assert.True(stream.TryRead(0, out _));
        Assert.True(stream.TryRead(2, out _));

        Assert.Equal(new OperatorDrop(3, 2), await box.Journal.Administration.DropAsync(stream.Id, null, inFlightToo: false));
        Assert.Equal(1UL, stream.Ledger.Oldest);

        stream.Acknowledge(1);
        stream.Acknowledge(2);
        Assert.Equal((6UL, 2UL, 3UL), (stream.Ledger.Oldest, stream.Ledger.Acknowledged, stream.Ledger.Dropped));
        Assert.Equal((3UL, 5UL), stream.Gaps.Select(g => (g.From, g.To)).Single());
    }

    [Fact]
    public async Task Drop_InFlightAndNotTaken_GoesWhenItWouldBeSentAgain()
    {
        await using var box = await FilledAsync(5);
        var stream = box.Stream();
        Assert.True(stream.TryRead(0, out _));
        await box.Journal.Administration.DropAsync(stream.Id, 3, inFlightToo: false);

        // Upstream asked for patience: the sender would send it again.
        Assert.True(stream.TryRead(1, out var entry));
        Assert.Equal(4UL, entry.Seq);
        Assert.Equal((1UL, 3UL, GapReason.Operator), stream.Gaps.Select(g => (g.From, g.To, g.Reason)).Single());
    }

    [Fact]
    public async Task Drop_InFlightAndTheConnectionEnds_Goes()
    {
        await using var box = await FilledAsync(5);
        var stream = box.Stream();
        Assert.True(stream.TryRead(0, out _));
        await box.Journal.Administration.DropAsync(stream.Id, 3, inFlightToo: false);

        stream.Rewind();

        Assert.Equal(4UL, stream.Ledger.Oldest);
        Assert.Equal((1UL, 3UL), stream.Gaps.Select(g => (g.From, g.To)).Single());
    }

    [Fact]
    public async Task Drop_WithoutAConnection_TakesWhatWasInFlight()
    {
        await using var box = await FilledAsync(5);
        var stream = box.Stream();
        Assert.True(stream.TryRead(0, out _));

        Assert.Equal(new OperatorDrop(5, 0), await box.Journal.Administration.DropAsync(stream.Id, null, inFlightToo: true));
        stream.Acknowledge(1);
        Assert.Equal((6UL, 0UL, 5UL), (stream.Ledger.Oldest, stream.Ledger.Acknowledged, stream.Ledger.Dropped));
    }

    [Fact]
    public async Task Drop_SeveralSegments_FreesThem()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var stream = box.Stream();
        for (var i = 0; i < 200; i++)
        {
            await box.AppendAsync(stream, new string('x', 5_000));
        }

        await box.Journal.Administration.DropAsync(stream.Id, 150, inFlightToo: false);
        Assert.InRange(stream.Bytes, 50 * 5_000, 60 * 8_192);
        Assert.Equal(50, JournalHarness.ReadAll(stream).Count);
        await box.Journal.Administration.DropAsync(stream.Id, null, inFlightToo: true);
        Assert.Equal(0, stream.Bytes);
    }

    [Fact]
    public async Task Remove_LeftStream_IsGoneAfterEveryRestartAndItsNumberIsNotGivenAgain()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var both = new[] { box.Stream(), box.Stream(s_old) };
        await AppendAsync(box, both[0], 3);
        await AppendAsync(box, both[1], 3);
        await box.ReopenAsync();
        box.Stream();

        Assert.Equal(3UL, await box.Journal.Administration.RemoveAsync(s_old));
        Assert.Equal([JournalHarness.Telemetry], box.Outbox.Known);
        Assert.Null(await box.Journal.Administration.RemoveAsync(s_old));
        await box.ReopenAsync();
        Assert.Equal([JournalHarness.Telemetry], box.Outbox.Known);

        // The bridge comes back under its old name: a new stream, to which nothing of the old one belongs.
        var again = box.Stream(s_old);
        Assert.NotEqual(both[1].Epoch, again.Epoch);
        await AppendAsync(box, again, 1);
        await box.ReopenAsync();
        Assert.Equal(["1"], JournalHarness.ReadAll(box.Stream(s_old)).Select(JournalHarness.Text));
        Assert.Equal(["1", "2", "3"], JournalHarness.ReadAll(box.Stream()).Select(JournalHarness.Text));
    }

    [Fact]
    public async Task Remove_Served_IsRefused()
    {
        await using var box = await FilledAsync(1);
        var stream = box.Stream();

        var refused = await Assert.ThrowsAsync<JournalException>(() => box.Journal.Administration.RemoveAsync(stream.Id));

        Assert.Contains("is served by a bridge", refused.Message, StringComparison.Ordinal);
        Assert.Single(JournalHarness.ReadAll(stream));
    }

    [Fact]
    public async Task Remove_DiskFails_TheStreamIsAsBefore()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        await AppendAsync(box, box.Stream(s_old), 3);
        await box.ReopenAsync();
        disk.Fault = (kind, _) => kind is DiskOperationKind.Sync or DiskOperationKind.Write ? SimulatedDisk.Broken : null;

        await Assert.ThrowsAsync<JournalException>(() => box.Journal.Administration.RemoveAsync(s_old));

        disk.Fault = null;
        await box.ReopenAsync();
        Assert.Equal(3, JournalHarness.ReadAll(box.Stream(s_old)).Count);
    }

    [Fact]
    public async Task Remove_PowerCutAtEveryOperation_TheStreamIsWholeOrGone()
    {
        var log = new List<DiskOperation>();
        var disk = new SimulatedDisk { Log = log };
        var options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize };
        await using var box = new JournalHarness("/data", disk) { Options = options };
        box.Open();
        await AppendAsync(box, box.Stream(s_old), 20);
        await box.ReopenAsync();
        var kept = box.Stream();
        await AppendAsync(box, kept, 5);
        var begin = log.Count;
        await box.Journal.Administration.RemoveAsync(s_old);
        var end = log.Count;
        for (var i = 0; i < 100; i++)
        {
            // The place of what was removed is used again.
            await box.AppendAsync(kept, new string('x', 4_000));
        }

        for (var cut = begin; cut <= log.Count; cut += cut < end ? 1 : 7)
        {
            await using var after = new JournalHarness("/data", SimulatedDisk.AfterPowerCut(log, cut, new Random(cut))) { Options = options };
            after.Open();
            Assert.Equal(0UL, after.Journal.Report.Lost);
            var old = after.Journal.Administration.Streams.FirstOrDefault(s => s.Id == s_old);
            Assert.True(old is null || cut < end, $"cut {cut}: it came back");
            Assert.True(old is null or { Waiting: 20 }, $"cut {cut}: {old?.Waiting} wait");
            if (old is not null)
            {
                Assert.Equal(20, JournalHarness.ReadAll(after.Stream(s_old)).Count);
            }

            Assert.True(JournalHarness.ReadAll(after.Stream()).Count >= 5, $"cut {cut}");
        }
    }

    [Fact]
    public async Task Drop_AfterClose_IsRefused()
    {
        var box = await FilledAsync(1);
        var administration = box.Journal.Administration;
        await box.CloseAsync();

        await Assert.ThrowsAsync<JournalException>(() => administration.DropAsync(JournalHarness.Telemetry, null, inFlightToo: false));
    }

    private static async Task<JournalHarness> FilledAsync(int count)
    {
        var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        await AppendAsync(box, box.Stream(), count);
        await box.ReopenAsync();
        return box;
    }

    private static async Task AppendAsync(JournalHarness box, IOutboxStream stream, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            await box.AppendAsync(stream, $"{i}");
        }
    }
}
