using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What a segment's first commit restates may be more than a usual segment holds.</summary>
public sealed class LargeCheckpointTests
{
    private static readonly JournalOptions s_smallest = new() { SegmentSize = JournalOptions.SmallestSegmentSize };

    [Fact]
    public async Task Gaps_MoreThanASegmentHolds_JournalGoesOnAndKeepsThem()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk) { Options = s_smallest };
        box.Open();
        var stream = box.Stream();
        const int Messages = 6_000;
        for (var i = 0; i < Messages; i++)
        {
            var result = box.Append(stream, $"{i}", urgency: i % 200 == 199 ? Urgency.Immediate : Urgency.Window);
            Assert.Equal(AppendStatus.Accepted, result.Status);
            if (i % 200 == 199)
            {
                Assert.True(await box.Durability.WaitAsync(result.Lsn));
            }
        }

        foreach (var entry in JournalHarness.ReadAll(stream))
        {
            if (entry.Seq % 2 == 0)
            {
                stream.Acknowledge(entry.Seq);
            }
            else
            {
                stream.Abandon(entry.Seq, GapReason.Refused);
            }
        }

        var gaps = stream.Gaps;
        Assert.Equal(Messages / 2, gaps.Count);
        for (var i = 0; i < 100; i++)
        {
            await box.AppendAsync(stream, new string('x', 2_000));
        }

        Assert.Equal(Intake.Open, box.Journal.Condition);
        Assert.Contains(disk.List("/data/journal"), n => disk.Bytes(n).Length > 2 * s_smallest.SegmentSize);
        await box.ReopenAsync();
        stream = box.Stream();
        Assert.Equal(gaps, stream.Gaps);
        Assert.Equal(100, JournalHarness.ReadAll(stream).Count);

        // Once they are told, segments are of the usual size again.
        gaps.ToList().ForEach(stream.Forget);
        for (var i = 0; i < 100; i++)
        {
            await box.AppendAsync(stream, new string('y', 2_000));
            Assert.True(stream.TryRead(0, out var entry));
            stream.Acknowledge(entry.Seq);
        }

        JournalHarness.ReadAll(stream).ForEach(e => stream.Acknowledge(e.Seq));
        for (var i = 0; i < 100; i++)
        {
            await box.AppendAsync(stream, new string('z', 2_000));
            Assert.True(stream.TryRead(0, out var entry));
            stream.Acknowledge(entry.Seq);
        }

        Assert.DoesNotContain(disk.List("/data/journal"), n => n.EndsWith(".seg", StringComparison.Ordinal) && disk.Bytes(n).Length > s_smallest.SegmentSize);
    }

    [Fact]
    public async Task Streams_StateAndRetained_FullTogether_JournalGoesOn()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk()) { Options = s_smallest };
        box.Open();
        var streams = Enumerable.Range(0, 200).Select(i => box.Stream(new StreamId($"bridge-{i:d3}-{new string('n', 50)}", Lane.Telemetry))).ToList();
        var keys = 0;
        while (box.Journal.State.Put($"key/{keys:d4}", new byte[200], Urgency.Immediate).Status == AppendStatus.Accepted)
        {
            keys++;
            await box.TurnsAsync();
        }

        Assert.InRange(keys, 50, 200);
        foreach (var stream in streams)
        {
            await box.AppendAsync(stream, "retained", $"zähler/{stream.Id}", retain: true);
        }

        for (var i = 0; i < 200; i++)
        {
            await box.AppendAsync(streams[i], new string('x', 3_000));
        }

        Assert.Equal(Intake.Open, box.Journal.Condition);
        await box.ReopenAsync();
        Assert.Equal(200, box.Outbox.Known.Count);
        Assert.Equal(keys, box.Journal.State.Read("key/").Count);
        Assert.Equal(2, JournalHarness.ReadAll(box.Stream(streams[199].Id)).Count);
    }

    [Fact]
    public async Task Header_NoRoomForWhatLiesInAllSegments_StartLooksByItself()
    {
        // 1,000 streams in each of more than 20 segments: a header would have to list more than the 1 MiB that it may take.
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var streams = Enumerable.Range(0, 1_000).Select(i => box.Stream(new StreamId($"{i}", Lane.Telemetry))).ToList();
        var quarters = streams.Select(s => new OutboxTarget(s, null)).Chunk(250).ToList();
        var message = JournalHarness.Message("t", new string('x', 40_000));
        var rounds = 0UL;
        while (disk.List("/data/journal").Count(n => !Path.GetFileName(n).StartsWith("spare-", StringComparison.Ordinal)) < 27)
        {
            rounds++;
            foreach (var quarter in quarters)
            {
                var result = box.Outbox.Append(message, quarter, Urgency.Immediate);
                Assert.Equal(AppendStatus.Accepted, result.Status);
                Assert.True(await box.Durability.WaitAsync(result.Lsn));
            }
        }

        await box.ReopenAsync();
        Assert.Empty(box.Journal.Report.Quarantined);
        Assert.Equal(0UL, box.Journal.Report.Lost);
        foreach (var stream in streams.Where((_, i) => i % 100 == 0))
        {
            Assert.Equal(rounds, (ulong)JournalHarness.ReadAll(box.Stream(stream.Id)).Count);
        }
    }
}
