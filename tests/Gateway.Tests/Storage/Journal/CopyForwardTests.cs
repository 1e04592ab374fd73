using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>A little that waits must not keep a segment each.</summary>
public sealed class CopyForwardTests
{
    private const int Rounds = 60;

    [Fact]
    public async Task OneAlarmInEachSegment_TelemetryPasses_SegmentsStayFew()
    {
        var disk = new SimulatedDisk();
        await using var box = Box(disk);
        var (most, times) = await FillAsync(box, disk);
        
        // Without copying there would be one for each alarm. Up to eight wait to be used again.
        Assert.InRange(most, 4, 20);
        Assert.True(box.Metrics.CopiedBytes > 0);
        await box.RebootAsync(TimeSpan.FromHours(1));
        var alarms = box.Stream(JournalHarness.Alarm);
        var entries = JournalHarness.ReadAll(alarms);
        Assert.Equal(Enumerable.Range(1, Rounds).Select(i => (ulong)i), entries.Select(e => e.Seq));
        Assert.Equal(Enumerable.Range(1, Rounds).Select(i => $"alarm {i}"), entries.Select(JournalHarness.Text));
        Assert.Equal(times, entries.Select(e => e.AppendedAt));
        Assert.All(entries, e => Assert.Equal($"alarms/{e.Seq}", e.Topic));
        Assert.Equal(0UL, box.Journal.Report.Lost);

        // Alarms that are done let go of the copies as well.
        entries.ForEach(e => alarms.Acknowledge(e.Seq));
        Assert.Equal((ulong)Rounds, alarms.Ledger.Acknowledged);
        await box.ReopenAsync();
        alarms = box.Stream(JournalHarness.Alarm);
        Assert.Equal(Rounds + 1UL, alarms.Ledger.Oldest);
        Assert.Empty(JournalHarness.ReadAll(alarms));
    }

    [Fact]
    public async Task CopiedWhileInFlight_AcknowledgedAndReadAgain_Once()
    {
        var disk = new SimulatedDisk();
        await using var box = Box(disk);
        box.Open();
        var alarms = box.Stream(JournalHarness.Alarm);
        var telemetry = box.Stream();
        for (var i = 1; i <= Rounds; i++)
        {
            await box.AppendAsync(alarms, $"alarm {i}");
            Assert.True(alarms.TryRead((ulong)i, out _));
            await PassAsync(box, telemetry);
        }

        Assert.True(box.Metrics.CopiedBytes > 0);
        for (var seq = 2UL; seq <= Rounds; seq += 2)
        {
            alarms.Acknowledge(seq);
        }

        alarms.Rewind();
        var odd = Enumerable.Range(1, Rounds).Where(i => i % 2 == 1).ToList();
        Assert.Equal(odd.Select(i => $"alarm {i}"), JournalHarness.ReadAll(alarms).Select(JournalHarness.Text));
        Assert.Equal((1UL, Rounds + 1UL), (alarms.Ledger.Oldest, alarms.Ledger.Next));
        Assert.Empty(alarms.Gaps);
    }

    [Fact]
    public async Task CopyFails_TheOldOnesStandAndNothingIsLost()
    {
        var disk = new SimulatedDisk();
        await using var box = Box(disk);
        var random = new Random(1);
        disk.Fault = (kind, path) => kind == DiskOperationKind.Sync && random.Next(12) == 0 ? SimulatedDisk.Broken : null;
        box.Open();
        var alarms = box.Stream(JournalHarness.Alarm);
        var telemetry = box.Stream();
        var alarmed = 0;
        for (var i = 1; i <= Rounds * 40; i++)
        {
            if (box.Journal.Condition != Intake.Open)
            {
                box.Time.Advance(box.Options.Retry);
                await box.TurnsAsync();
                continue;
            }

            var result = i % 40 == 1 ? box.Append(alarms, $"alarm {alarmed + 1}") : box.Append(telemetry, new string('t', 3_000));
            if (result.Status == AppendStatus.Accepted && await box.Durability.WaitAsync(result.Lsn))
            {
                alarmed += i % 40 == 1 ? 1 : 0;
                JournalHarness.ReadAll(telemetry).ForEach(e => telemetry.Acknowledge(e.Seq));
            }
        }

        Assert.True(box.Metrics.CopiedBytes > 0);
        disk.Fault = null;
        await box.ReopenAsync();
        Assert.Equal(Enumerable.Range(1, alarmed).Select(i => $"alarm {i}"), JournalHarness.ReadAll(box.Stream(JournalHarness.Alarm)).Select(JournalHarness.Text));
    }

    [Fact]
    public async Task DiskIsFull_WhatLittleWaitsMakesRoom_NothingIsRefusedNorDropped()
    {
        // Eight segments: without copying, as many alarms fill it for good.
        var disk = new SimulatedDisk { Capacity = (8 * JournalOptions.SmallestSegmentSize) + 100 };
        await using var box = Box(disk);
        box.Open();
        var refuse = new StreamLimits { WhenFull = WhenFull.Refuse };
        var alarms = box.Stream(JournalHarness.Alarm, refuse);
        var telemetry = box.Stream(limits: refuse);
        for (var i = 1; i <= Rounds; i++)
        {
            await box.AppendAsync(alarms, $"alarm {i}");
            await PassAsync(box, telemetry);
        }

        await box.ReopenAsync();
        alarms = box.Stream(JournalHarness.Alarm, refuse);
        Assert.Equal(Enumerable.Range(1, Rounds).Select(i => $"alarm {i}"), JournalHarness.ReadAll(alarms).Select(JournalHarness.Text));
        Assert.Equal(0UL, alarms.Ledger.Dropped);
    }

    private static JournalHarness Box(SimulatedDisk disk) =>
        new("/data", disk) { Options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize } };

    private static async Task<(int MostSegments, List<DateTimeOffset> Times)> FillAsync(JournalHarness box, SimulatedDisk disk)
    {
        box.Open();
        var alarms = box.Stream(JournalHarness.Alarm);
        var telemetry = box.Stream();
        var times = new List<DateTimeOffset>();
        var most = 0;
        for (var i = 1; i <= Rounds; i++)
        {
            box.Time.Advance(TimeSpan.FromSeconds(1));
            times.Add(box.Time.GetUtcNow());
            await box.AppendAsync(alarms, $"alarm {i}", $"alarms/{i}");
            await PassAsync(box, telemetry);
            most = Math.Max(most, disk.List("/data/journal").Count(n => n.EndsWith(".seg", StringComparison.Ordinal)));
        }

        return (most, times);
    }

    /// <summary>More than a segment goes through.</summary>
    private static async Task PassAsync(JournalHarness box, IOutboxStream telemetry)
    {
        for (var n = 0; n < 30; n++)
        {
            await box.AppendAsync(telemetry, new string('t', 3_000));
            Assert.True(telemetry.TryRead(0, out var entry));
            telemetry.Acknowledge(entry.Seq);
        }
    }
}
