using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>A full stream is thinned: what stands for its oldest entries has numbers of its own, and nothing of what they said is lost.</summary>
public sealed class ThinningTests
{
    private const int Size = 200_000;

    [Theory, InlineData(OutboxKind.SimulatedDisk), InlineData(OutboxKind.RealDisk)]
    public async Task Tenfold_ThenDrained_EverythingIsToldAndAddsUp(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream(ListDigest.Limits(Size));
        const int Given = 10 * Size / 500;
        await FillAsync(box, stream, 1, Given);
        Assert.InRange(stream.Bytes, 1, Size);

        await box.ReopenAsync();
        stream = box.Stream(ListDigest.Limits(Size));
        Assert.InRange(stream.Bytes, 1, Size);
        var next = stream.Ledger.Next;
        Assert.True(next > Given + 1, "nothing stands for anything");
        var entries = OutboxBox.ReadAll(stream);
        Assert.Equal(Enumerable.Range(1, Given), OutboxBox.Texts(entries).SelectMany(ListDigest.Numbers).Order());
        entries.ForEach(e => stream.Acknowledge(e.Seq));

        var gaps = stream.Gaps;
        Assert.All(gaps, static g => Assert.Equal(GapReason.Downsampled, g.Reason));
        Assert.Equal(Enumerable.Range(1, (int)next - 1).Select(static n => (ulong)n), entries.Select(static e => e.Seq).Concat(Missing(gaps)).Order());
        Assert.Equal((next, next, (ulong)entries.Count, next - 1 - (ulong)entries.Count), OutboxBox.Figures(stream));
        Assert.Equal(stream.Ledger.Dropped, box.Counted(Lane.Telemetry, GapReason.Downsampled));
        Assert.Equal(0, stream.Bytes);
    }

    [Fact]
    public async Task InFlight_StaysAsItIs()
    {
        await using var box = OutboxBox.Open(OutboxKind.SimulatedDisk);
        var stream = box.Stream(ListDigest.Limits(Size));
        await FillAsync(box, stream, 1, 3);
        var flying = OutboxBox.ReadAll(stream);
        await FillAsync(box, stream, 4, 600);
        Assert.Equal(4UL, stream.Gaps[0].From);
        flying.ForEach(e => stream.Acknowledge(e.Seq));
        Assert.Equal(3UL, stream.Ledger.Acknowledged);
        Assert.Equal(Enumerable.Range(1, 600), OutboxBox.Texts(flying.Concat(OutboxBox.ReadAll(stream))).SelectMany(ListDigest.Numbers).Order());
    }

    [Fact]
    public async Task WhatNothingCanStandFor_StaysAmongWhatIsThinned()
    {
        await using var box = OutboxBox.Open(OutboxKind.SimulatedDisk);
        var stream = box.Stream(ListDigest.Limits(Size));
        for (var i = 1; i <= 600; i++)
        {
            await box.AppendAsync(stream, ListDigest.Payload(i), i % 50 == 0 ? "other" : "t", retain: i == 7, lifetime: i == 9 ? 3600u : null);
        }

        var entries = OutboxBox.ReadAll(stream);
        Assert.Equal([7, 9, 50, 100], OutboxBox.Texts(entries.Take(4)).SelectMany(ListDigest.Numbers));
        Assert.Equal(Enumerable.Range(1, 600), OutboxBox.Texts(entries).SelectMany(ListDigest.Numbers).Order());
        Assert.All(stream.Gaps, static g => Assert.Equal(GapReason.Downsampled, g.Reason));
    }

    [Fact]
    public async Task NothingCanBeThinned_OldestAreDropped()
    {
        await using var box = OutboxBox.Open(OutboxKind.SimulatedDisk);
        var stream = box.Stream(ListDigest.Limits(Size));
        for (var i = 1; i <= 600; i++)
        {
            await box.AppendAsync(stream, ListDigest.Payload(i), "other");
        }

        await box.SettleAsync();
        Assert.InRange(stream.Bytes, Size / 2, Size);
        var gap = Assert.Single(stream.Gaps);
        Assert.Equal((1UL, GapReason.Size), (gap.From, gap.Reason));
        Assert.Equal(601UL, stream.Ledger.Next);
    }

    [Fact]
    public async Task CommitFails_NothingHasHappened()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream(limits: ListDigest.Limits(Size));
        var fails = 0;
        disk.Fault = (kind, _) => kind == DiskOperationKind.Sync && stream.Bytes > Size / 2 && Interlocked.Increment(ref fails) % 5 == 1 ? SimulatedDisk.Broken : null;
        var taken = new List<int>();
        for (var i = 1; i <= 900; i++)
        {
            if (box.Journal.Condition != Intake.Open)
            {
                box.Time.Advance(box.Options.Retry);
                await box.TurnsAsync();
            }

            var result = box.Append(stream, ListDigest.Payload(i));
            if (result.Status == AppendStatus.Accepted && await box.Durability.WaitAsync(result.Lsn))
            {
                taken.Add(i);
            }
        }

        disk.Fault = null;
        Assert.True(fails > 4);
        var entries = JournalHarness.ReadAll(stream);
        var told = entries.SelectMany(e => ListDigest.Numbers(JournalHarness.Text(e))).ToList();
        Assert.Empty(taken.Except(told));
        Assert.Equal(told.Count, told.Distinct().Count());
        entries.ForEach(e => stream.Acknowledge(e.Seq));
        Assert.Equal(stream.Ledger.Next - 1, stream.Ledger.Acknowledged + stream.Ledger.Dropped);
        Assert.Contains(stream.Gaps, static g => g.Reason == GapReason.Downsampled);
    }

    private static IEnumerable<ulong> Missing(IEnumerable<Gap> gaps) => gaps.SelectMany(static g => Enumerable.Range((int)g.From, (int)g.Count)).Select(static n => (ulong)n);

    private static async Task FillAsync(OutboxBox box, IOutboxStream stream, int from, int to)
    {
        for (var i = from; i <= to; i++)
        {
            await box.AppendAsync(stream, ListDigest.Payload(i), $"t{i % 3}");
        }
    }
}
