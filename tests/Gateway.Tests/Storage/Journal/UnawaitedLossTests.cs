using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What nobody waited for and no disk took has a number and a gap as soon as anything can be written again.</summary>
public sealed class UnawaitedLossTests
{
    [Fact]
    public async Task Disk_Fails_WhatWasPendingAndWhatCameMeanwhileIsOneGap()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var (stream, alarm) = (box.Stream(), box.Stream(JournalHarness.Alarm));
        await box.AppendAsync(stream, "before");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(AppendStatus.Accepted, box.Append(stream, "pending", urgency: Urgency.Window).Status);
        }

        disk.Fault = (kind, _) => kind == DiskOperationKind.Sync ? SimulatedDisk.Broken : null;
        Assert.False(await box.Durability.WaitAsync(box.Append(stream, "told").Lsn));
        await box.TurnsAsync();
        Assert.Equal(Intake.Failed, box.Journal.Condition);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(AppendStatus.Failed, box.Append(stream, "meanwhile", urgency: Urgency.Window).Status);
            Assert.Equal(new AppendResult(AppendStatus.Failed, 0), box.Append(stream, "told"));
        }

        // Once more it fails: nothing is counted twice.
        box.Time.Advance(box.Options.Retry);
        await box.TurnsAsync();
        disk.Fault = null;
        box.Time.Advance(box.Options.Retry);
        await HealedAsync(box);
        await box.AppendAsync(stream, "after");
        for (var life = 0; life < 2; life++)
        {
            Assert.Equal([(2UL, 8UL, GapReason.Storage)], OutboxBox.GapsOf(stream));
            Assert.Equal([1UL, 9UL], JournalHarness.ReadAll(stream).Select(e => e.Seq));
            Assert.Equal(["before", "after"], OutboxBox.Texts(JournalHarness.ReadAll(stream)));
            Assert.Equal((1UL, 1UL, 0UL, 0UL), OutboxBox.Figures(alarm));
            await box.ReopenAsync();
            (stream, alarm) = (box.Stream(), box.Stream(JournalHarness.Alarm));
        }
    }

    [Fact]
    public async Task Disk_Full_WhatNobodyWaitsForIsAGapOnceThereIsRoom()
    {
        var disk = new SimulatedDisk { Capacity = 5 * JournalHarness.SmallSegment };
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream(limits: new StreamLimits { WhenFull = WhenFull.Refuse });
        var payload = new string('x', 5_000);
        while (box.Append(stream, payload) is { Status: AppendStatus.Accepted, Lsn: var lsn } && await box.Durability.WaitAsync(lsn))
        {
            Assert.InRange(stream.Ledger.Next, 0UL, 1_000UL);
        }

        while (box.Journal.Condition != Intake.Full)
        {
            await box.TurnsAsync(1);
        }

        var taken = stream.Ledger.Next;
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(AppendStatus.Refused, box.Append(stream, payload, urgency: Urgency.Window).Status);
        }

        var entries = JournalHarness.ReadAll(stream);
        entries.ForEach(e => stream.Acknowledge(e.Seq));
        box.Time.Advance(box.Options.Retry);
        await HealedAsync(box);

        // Nothing else is appended: the gap is written for its own sake.
        await stream.WaitAsync(taken + 4, CancellationToken.None);
        Assert.Equal([(taken, taken + 4, GapReason.Size)], OutboxBox.GapsOf(stream));
        Assert.Equal((taken + 5, taken + 5, taken - 1, 5UL), OutboxBox.Figures(stream));
    }

    [Fact]
    public async Task Full_SmallAndLargeByTurns_AreFewGaps()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var stream = box.Stream(limits: new StreamLimits { Size = 200_000, WhenFull = WhenFull.DropNewest });
        for (var i = 1; i <= 4_000; i++)
        {
            var result = box.Append(stream, new string('x', i % 2 == 0 ? 10 : 5_000), urgency: i % 20 == 0 ? Urgency.Immediate : Urgency.Window);
            Assert.Equal(AppendStatus.Accepted, result.Status);
            Assert.True(i % 20 != 0 || await box.Durability.WaitAsync(result.Lsn));
        }

        Assert.Equal(4_001UL, stream.Ledger.Next);
        Assert.InRange(stream.Gaps.Count, 1, 32);
        Assert.Equal(4_000UL, (ulong)JournalHarness.ReadAll(stream).Count + stream.Gaps.Aggregate(0UL, static (sum, g) => sum + g.Count));
    }

    [Fact]
    public async Task TooLarge_AgainAndAgain_GapsAreBoundedAndTheJournalGoesOn()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var stream = box.Stream();
        for (var i = 0; i < 1_200; i++)
        {
            box.Append(stream, new string('x', JournalHarness.SmallSegment / 3), urgency: Urgency.Window);
            await box.AppendAsync(stream, "small");
        }

        Assert.InRange(stream.Gaps.Count, 1_000, 1_024);
        Assert.Equal(stream.Ledger.Next - 1, (ulong)JournalHarness.ReadAll(stream).Count + stream.Gaps.Aggregate(0UL, static (sum, g) => sum + g.Count));
        await box.ReopenAsync();
        await box.AppendAsync(box.Stream(), "small");
    }

    private static async Task HealedAsync(JournalHarness box)
    {
        while (box.Journal.Condition != Intake.Open)
        {
            await box.TurnsAsync(1);
        }
    }
}
