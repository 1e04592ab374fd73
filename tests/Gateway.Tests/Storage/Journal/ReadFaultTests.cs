using Gateway.Storage;

namespace Gateway.Tests.Storage;

public sealed class ReadFaultTests
{
    [Fact]
    public async Task Disk_AwayForAnHour_CostsOnlyWhatWasNotPromised()
    {
        var made = await DamagedJournal.MakeAsync(isStopped: true);
        await using var box = new JournalHarness("/data", made.Disk);
        box.Open();
        var stream = box.Stream();
        box.Append(stream, "not promised", urgency: Urgency.Window);
        made.Disk.Fault = (_, _) => SimulatedDisk.Broken;
        for (var minute = 0; minute < 60; minute++)
        {
            box.Time.Advance(TimeSpan.FromMinutes(1));
            await box.TurnsAsync();
            Assert.False(stream.TryRead(0, out _));
        }

        Assert.Equal(Intake.Failed, box.Journal.Condition);
        made.Disk.Fault = null;
        box.Time.Advance(box.Options.Retry);
        await box.TurnsAsync();
        Assert.Equal(Intake.Open, box.Journal.Condition);
        await stream.WaitAsync(1, TestContext.Current.CancellationToken);
        Assert.Equal(made.Last(stream.Id), (ulong)JournalHarness.ReadAll(stream).Count);
        Assert.Equal(GapReason.Storage, Assert.Single(stream.Gaps).Reason);
        Assert.Single(box.Log.Of(2032));
    }

    [Fact]
    public async Task Sector_UnreadableForGood_IsQuarantinedAndToldOnceTheDiskHasProvenItself()
    {
        var made = await DamagedJournal.MakeAsync(isStopped: true);
        var victim = made.Segments()[1];
        var bad = made.Place(victim, 5);
        var destroyed = DamagedJournal.In(made.Disk.Bytes(victim).AsSpan(bad, 100));
        await using var box = new JournalHarness("/data", made.Disk);
        made.Disk.Unreadable = (victim, bad + 1_000);
        box.Open();
        var stream = box.Stream(destroyed[JournalHarness.Alarm].Count > 0 ? JournalHarness.Alarm : JournalHarness.Telemetry);
        var before = JournalHarness.ReadAll(stream);
        Assert.Equal(destroyed[stream.Id].Min - 1, (ulong)before.Count);

        // The sender waits; the idle journal writes a commit, which the disk takes: what it still cannot read is damage.
        var waiting = stream.WaitAsync(destroyed[stream.Id].Min, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        for (var tick = 0; stream.Gaps.Count == 0 && stream.Ledger.Dropped == 0; tick++)
        {
            Assert.True(tick < 30);
            box.Time.Advance(TimeSpan.FromSeconds(5));
            await box.TurnsAsync();
            before.AddRange(ReadFrom(stream, before[^1].Seq + 1));
            before.ForEach(e => stream.Acknowledge(e.Seq));
        }

        await waiting;
        Assert.Equal(made.Last(stream.Id) - 1, (ulong)before.Count);
        Assert.Equal((destroyed[stream.Id].Min, destroyed[stream.Id].Min, GapReason.Quarantine), stream.Gaps.Select(g => (g.From, g.To, g.Reason)).Single());
        Assert.Single(box.Log.Of(2002));
        await box.AppendAsync(stream, "goes on");
    }

    private static IEnumerable<OutboxEntry> ReadFrom(IOutboxStream stream, ulong seq)
    {
        for (; stream.TryRead(seq, out var entry); seq = entry.Seq + 1)
        {
            yield return entry;
        }
    }
}
