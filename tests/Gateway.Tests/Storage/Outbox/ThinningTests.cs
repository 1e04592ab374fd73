using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>A full stream is thinned: what stands for its oldest entries has numbers of its own, and nothing of what they said is lost.</summary>
public sealed class ThinningTests
{
    private const int Size = 200_000;

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Tenfold_ThenDrained_EverythingIsToldAndAddsUp(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream(ListDigest.Limits(Size));
        const int Given = 10 * Size / 500;
        for (var i = 1; i <= Given; i++)
        {
            // Bursts for which nobody waits, and single ones.
            await box.AppendAsync(stream, ListDigest.Payload(i), $"t{i % 3}", urgency: i % 100 < 50 && i % 7 > 0 ? Urgency.Window : Urgency.Immediate);
            Assert.InRange(stream.Bytes, 0, Size + (3 * (JournalHarness.SmallSegment / 8 * 3)));
        }

        await box.SettleAsync();
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

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task InFlight_StaysAsItIs(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream(ListDigest.Limits(Size));
        await FillAsync(box, stream, 1, 3);
        var flying = OutboxBox.ReadAll(stream);
        await FillAsync(box, stream, 4, 600);
        await box.SettleAsync();
        Assert.Equal(4UL, stream.Gaps[0].From);
        flying.ForEach(e => stream.Acknowledge(e.Seq));
        Assert.Equal(3UL, stream.Ledger.Acknowledged);
        Assert.Equal(Enumerable.Range(1, 600), OutboxBox.Texts(flying.Concat(OutboxBox.ReadAll(stream))).SelectMany(ListDigest.Numbers).Order());
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task WhatNothingCanStandFor_StaysAmongWhatIsThinned(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream(ListDigest.Limits(Size));
        for (var i = 1; i <= 600; i++)
        {
            await box.AppendAsync(stream, ListDigest.Payload(i), i % 50 == 0 ? "other" : "t", retain: i == 7, lifetime: i == 9 ? 3600u : null);
        }

        // While something is being handed over, there is nothing to be read.
        await box.SettleAsync();
        var entries = OutboxBox.ReadAll(stream);
        Assert.Equal([7, 9, 50, 100], OutboxBox.Texts(entries.Take(4)).SelectMany(ListDigest.Numbers));
        Assert.Equal(Enumerable.Range(1, 600), OutboxBox.Texts(entries).SelectMany(ListDigest.Numbers).Order());
        Assert.All(stream.Gaps, static g => Assert.Equal(GapReason.Downsampled, g.Reason));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task NothingCanBeThinned_OldestAreDropped(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
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

    [Theory, InlineData(false), InlineData(true)]
    public async Task OthersInBetween_GapsStayBoundedAndWhatCanBeSummedUpIsKept(bool isDense)
    {
        await using var box = OutboxBox.Open(OutboxKind.SimulatedDisk);
        var limits = ListDigest.Limits(5 * Size);
        var stream = box.Stream(limits);
        var (every, given, readings) = (isDense ? 3 : 20, 20_000, new List<int>());
        for (var i = 1; i <= given; i++)
        {
            if (i % every != 0)
            {
                readings.Add(i);
            }

            await box.AppendAsync(stream, ListDigest.Payload(i, 100), i % every == 0 ? "other" : $"t{i % 2}", urgency: i % 50 == 0 ? Urgency.Immediate : Urgency.Window);
        }

        await box.SettleAsync();
        Assert.InRange(stream.Gaps.Count, 1, 1_200);
        Assert.InRange(stream.Bytes, 1, 5 * Size);
        var told = OutboxBox.Texts(OutboxBox.ReadAll(stream)).SelectMany(ListDigest.Numbers).ToList();
        Assert.Equal(told.Count, told.Distinct().Count());
        Assert.Empty(readings.Except(told));
        Assert.True(told.Count < given, "no other was dropped");
        Assert.All(stream.Gaps, static g => Assert.True(g.Reason is GapReason.Downsampled or GapReason.Size));
    }

    [Fact]
    public async Task ManyTopics_NothingIsGained_OldestAreDropped()
    {
        await using var box = OutboxBox.Open(OutboxKind.SimulatedDisk);
        var stream = box.Stream(ListDigest.Limits(Size));
        for (var i = 1; i <= 4_000; i++)
        {
            await box.AppendAsync(stream, ListDigest.Payload(i, 100), $"t{i}", urgency: i % 50 == 0 ? Urgency.Immediate : Urgency.Window);
        }

        // All of it is looked at, a part in each turn.
        for (var i = 0; i < 20; i++)
        {
            await box.SettleAsync();
        }

        Assert.InRange(stream.Bytes, Size / 2, Size);
        Assert.Equal((1UL, GapReason.Size), (stream.Gaps[0].From, Assert.Single(stream.Gaps).Reason));
    }

    [Fact]
    public async Task SenderDrainsMeanwhile_NothingIsToldTwiceOrNot()
    {
        await using var box = OutboxBox.Open(OutboxKind.SimulatedDisk);
        var stream = box.Stream(ListDigest.Limits(Size));
        using var filled = new CancellationTokenSource();
        var told = new List<int>();
        var sender = Task.Run(async () =>
        {
            var next = 1UL;
            while (true)
            {
                while (stream.TryRead(next, out var entry))
                {
                    told.AddRange(ListDigest.Numbers(JournalHarness.Text(entry)));
                    stream.Acknowledge(entry.Seq);
                    next = entry.Seq + 1;
                }

                if (filled.IsCancellationRequested && next >= stream.Ledger.Next)
                {
                    return;
                }

                next = Math.Max(next, stream.Ledger.Oldest);
                await Task.Yield();
            }
        });
        const int Given = 20_000;
        for (var i = 1; i <= Given; i++)
        {
            await box.AppendAsync(stream, ListDigest.Payload(i, 300), $"t{i % 3}", urgency: i % 200 == 0 ? Urgency.Immediate : Urgency.Window);
        }

        await box.PassWindowAsync(box.Append(stream, "20001 ", Urgency.Window));
        await box.SettleAsync();
        await filled.CancelAsync();
        await sender;
        Assert.Equal(Enumerable.Range(1, Given + 1), told.Order());
    }

    [Fact]
    public async Task DiskFull_OldestAreDroppedAndItGoesOn()
    {
        var disk = new SimulatedDisk { Capacity = 8 * JournalHarness.SmallSegment };
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream(limits: ListDigest.Limits(8 * JournalHarness.SmallSegment));
        for (var i = 1; i <= 2_000; i++)
        {
            var result = box.Append(stream, ListDigest.Payload(i));
            if (result.Status == AppendStatus.Accepted)
            {
                Assert.True(await box.Durability.WaitAsync(result.Lsn));
            }
        }

        await box.TurnsAsync();
        Assert.Equal(Intake.Open, box.Journal.Condition);
        Assert.Contains(stream.Gaps, static g => g.Reason == GapReason.Size);
        Assert.InRange(JournalHarness.ReadAll(stream).Count, 1, 2_000);
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
        await box.TurnsAsync();
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
