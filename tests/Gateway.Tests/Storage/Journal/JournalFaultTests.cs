using Gateway.Storage;

namespace Gateway.Tests.Storage;

public sealed class JournalFaultTests
{
    [Fact]
    public async Task Sync_FailsOnce_BatchGoesToAFreshSegment()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "before");
        var left = 1;
        disk.Fault = (kind, _) => kind == DiskOperationKind.Sync && left-- > 0 ? SimulatedDisk.Broken : null;
        await box.AppendAsync(stream, "during");
        await box.AppendAsync(stream, "after");
        Assert.Equal(Intake.Open, box.Journal.Condition);
        Assert.Equal(["before", "during", "after"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));
        await box.ReopenAsync();
        Assert.Equal(["before", "during", "after"], JournalHarness.ReadAll(box.Stream()).Select(JournalHarness.Text));
    }

    [Fact]
    public async Task Sync_FailsForGood_EverybodyIsToldAndItHeals()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "before");
        box.Journal.State.Put("key", new byte[] { 1 }, Urgency.Window);
        disk.Fault = (kind, _) => kind == DiskOperationKind.Sync ? SimulatedDisk.Broken : null;
        var lost = box.Append(stream, "lost");
        Assert.False(await box.Durability.WaitAsync(lost.Lsn));
        Assert.Equal(Intake.Failed, box.Journal.Condition);
        Assert.Equal(AppendStatus.Failed, box.Append(stream, "refused").Status);
        Assert.Empty(box.Journal.State.Read("key"));
        Assert.Equal(["before"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));

        disk.Fault = null;
        box.Time.Advance(box.Options.Retry);
        await UntilAsync(box, Intake.Open);
        await box.AppendAsync(stream, "after");
        Assert.Equal(["before", "after"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));
        await box.ReopenAsync();
        Assert.Equal(["before", "after"], JournalHarness.ReadAll(box.Stream()).Select(JournalHarness.Text));
    }

    [Fact]
    public async Task Sync_Heals_ACommitAskedForMeanwhileDoesNotHideTheNext()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "before");
        box.Journal.State.Put("key", new byte[] { 1 }, Urgency.Window);
        disk.Fault = (kind, _) => kind == DiskOperationKind.Sync ? SimulatedDisk.Broken : null;
        Assert.False(await box.Durability.WaitAsync(box.Append(stream, "lost").Lsn));

        // The window of the key ends while nothing can be written.
        box.Time.Advance(box.Options.CommitWindow);
        await box.TurnsAsync();
        disk.Fault = null;
        box.Time.Advance(box.Options.Retry);
        while (box.Journal.Condition != Intake.Open)
        {
            // No turn is asked for: it would look at what was asked for meanwhile.
            await Task.Yield();
        }

        await box.AppendAsync(stream, "after");
    }

    [Fact]
    public async Task Sync_FailedBatch_DoesNotReappearUnderItsNumber()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "before");
        disk.Fault = (kind, _) => kind == DiskOperationKind.Sync ? SimulatedDisk.Broken : null;
        Assert.False(await box.Durability.WaitAsync(box.Append(stream, "never acknowledged").Lsn));
        disk.Fault = null;
        box.Time.Advance(box.Options.Retry);
        await UntilAsync(box, Intake.Open);

        // The simulated disk kept what was written before the failed sync: it must not come back in place of this.
        await box.AppendAsync(stream, "acknowledged");
        await box.ReopenAsync();
        Assert.Equal(["before", "acknowledged"], JournalHarness.ReadAll(box.Stream()).Select(JournalHarness.Text));
    }

    [Fact]
    public async Task DiskFull_DropOldest_GoesOnWithGaps()
    {
        var disk = new SimulatedDisk { Capacity = 6 * JournalHarness.SmallSegment };
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 600; i++)
        {
            await box.AppendAsync(stream, $"{i}:{new string('x', 5_000)}");
        }

        Assert.NotEmpty(stream.Gaps);
        Assert.All(stream.Gaps, g => Assert.Equal(GapReason.Size, g.Reason));
        var rest = JournalHarness.ReadAll(stream);
        Assert.Equal(601UL, stream.Ledger.Next);
        Assert.Equal(600UL, (ulong)rest.Count + stream.Gaps.Aggregate(0UL, (sum, g) => sum + g.Count));
        Assert.StartsWith("600:", JournalHarness.Text(rest[^1]));
    }

    [Fact]
    public async Task DiskFull_FoundWhileACommitWaitsForASegment_TheOldestMakesRoomForIt()
    {
        using var slow = new ManualResetEventSlim();
        var spares = 0;
        var disk = new SimulatedDisk { Capacity = (4 * JournalHarness.SmallSegment) - 1, Opening = path => Hold(path.Contains("spare-", StringComparison.Ordinal)) };
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 60; i++)
        {
            await box.AppendAsync(stream, $"{i}:{new string('x', 5_000)}");
        }

        var more = Enumerable.Range(61, 12).Select(i => box.Append(stream, $"{i}:{new string('x', 5_000)}")).ToList();
        slow.Set();

        foreach (var result in more)
        {
            Assert.True(await box.Durability.WaitAsync(result.Lsn));
        }

        Assert.Equal(72UL, (ulong)JournalHarness.ReadAll(stream).Count + stream.Gaps.Aggregate(0UL, (sum, g) => sum + g.Count));

        void Hold(bool isSpare)
        {
            if (isSpare && ++spares == 4)
            {
                slow.Wait();
            }
        }
    }

    [Fact]
    public async Task DiskFull_Refuse_RefusedUntilUpstreamTakesSome()
    {
        var disk = new SimulatedDisk { Capacity = 5 * JournalHarness.SmallSegment };
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream(limits: new StreamLimits { WhenFull = WhenFull.Refuse });
        var taken = 0;
        while (true)
        {
            var result = box.Append(stream, new string('x', 5_000));
            if (result.Status != AppendStatus.Accepted || !await box.Durability.WaitAsync(result.Lsn))
            {
                break;
            }

            taken++;
            Assert.InRange(taken, 0, 1_000);
        }

        await UntilAsync(box, Intake.Full);
        Assert.Equal(AppendStatus.Refused, box.Append(stream, "more").Status);
        var entries = JournalHarness.ReadAll(stream);
        Assert.Equal(taken, entries.Count);
        entries.ForEach(e => stream.Acknowledge(e.Seq));
        box.Time.Advance(box.Options.Retry);
        await UntilAsync(box, Intake.Open);
        await box.AppendAsync(stream, "more");
    }

    [Fact]
    public async Task DiskFull_FreshInstall_HealsWhenThereIsRoom()
    {
        var disk = new SimulatedDisk { Capacity = 1_000 };
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        Assert.False(await box.Durability.WaitAsync(box.Append(stream, "lost").Lsn));
        await UntilAsync(box, Intake.Failed);
        disk.Capacity = long.MaxValue;
        box.Time.Advance(box.Options.Retry);
        await UntilAsync(box, Intake.Open);
        await box.AppendAsync(stream, "kept");
    }

    [Fact]
    public async Task Stall_MemoryIsBounded_ReadingsBecomeGapsAndPublishersAreRefused()
    {
        using var stalled = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "1");
        var files = new StallingSync(disk, stalled, go);
        var first = box.Append(stream, "2");
        stalled.Wait();
        var (taken, refused) = (2, 0);
        for (var i = 0; i < 200; i++)
        {
            if (box.Append(stream, new string('x', 1_000), urgency: Urgency.Window).Status == AppendStatus.Accepted)
            {
                taken++;
            }
            else
            {
                refused++;
            }
        }

        Assert.Equal(AppendStatus.Refused, box.Append(stream, new string('y', 1_000)).Status);
        files.Release();
        Assert.True(await box.Durability.WaitAsync(first.Lsn));
        await box.AppendAsync(stream, "last");
        Assert.InRange(refused, 1, 199);
        var rest = JournalHarness.ReadAll(stream);
        Assert.Equal(taken + 1, rest.Count);
        rest.ForEach(e => stream.Acknowledge(e.Seq));
        Assert.Equal((ulong)refused, stream.Gaps.Where(g => g.Reason == GapReason.Size).Aggregate(0UL, (sum, g) => sum + g.Count));
        Assert.Equal(stream.Ledger.Next, stream.Ledger.Oldest);
    }

    [Fact]
    public async Task Open_WhileAnotherHoldsIt_NamesTheHolder()
    {
        var folder = Directory.CreateTempSubdirectory("journal-").FullName;
        try
        {
            await using var first = new JournalHarness(folder, new DiskFiles());
            first.Open();
            await using var second = new JournalHarness(folder, new DiskFiles());
            var refused = Assert.Throws<JournalLockedException>(() => second.Open());
            Assert.Equal(Environment.ProcessId, refused.Process);
            Assert.Contains(refused.Name, refused.Message, StringComparison.Ordinal);
            await first.CloseAsync();
            second.Open();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Lets the journal's thread take turns until it has come to that.</summary>
    private static async Task UntilAsync(JournalHarness box, Intake condition)
    {
        const int Patience = 1_000_000;
        for (var turns = 0; box.Journal.Condition != condition; turns++)
        {
            Assert.True(turns < Patience, $"still {box.Journal.Condition} after {turns} turns, not {condition}");
            await box.TurnsAsync(1);
        }
    }

    private sealed class StallingSync
    {
        private readonly ManualResetEventSlim _go;

        public StallingSync(SimulatedDisk disk, ManualResetEventSlim stalled, ManualResetEventSlim go)
        {
            _go = go;
            disk.Fault = (kind, _) =>
            {
                if (kind == DiskOperationKind.Sync)
                {
                    stalled.Set();
                    go.Wait();
                }

                return null;
            };
        }

        public void Release() => _go.Set();
    }
}
