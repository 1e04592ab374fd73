using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What has not changed in a stream's books is not written again, however much there is to be told of it.</summary>
public sealed class StreamChangeTests(ITestOutputHelper output)
{
    private const int Gaps = 500;
    private const int Steps = 400;
    private const string Folder = "/data/journal";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_FiveHundredGapsUntold_WritesWhatChanged(bool drops)
    {
        var disk = new SimulatedDisk { Log = [] };
        await using var box = new JournalHarness("/data", disk) { Options = new JournalOptions { SegmentSize = 4 << 20 } };
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= (2 * Gaps) + (2 * Steps); i++)
        {
            box.Append(stream, $"{i}");
        }

        await box.AppendAsync(stream, "last");
        foreach (var entry in JournalHarness.ReadAll(stream).Take(2 * Gaps))
        {
            Settle(stream, entry.Seq, dropped: entry.Seq % 2 == 0);
        }

        await box.AppendAsync(stream, "told");
        var log = disk.Log!;
        var before = log.Count;
        for (var i = 0; i < Steps; i++)
        {
            var seq = stream.Ledger.Oldest;
            Settle(stream, seq, dropped: drops && seq % 2 == 0);
            await box.AppendAsync(stream, "+");
        }

        Assert.Equal(drops ? Gaps + (Steps / 2) : Gaps, stream.Gaps.Count);
        var commits = log.Skip(before).Where(o => o.Kind == DiskOperationKind.Write && IsSegment(o.Path) && o.Offset > 0).ToList();
        var perCommit = commits.Sum(o => (long)o.Data.Length) / commits.Count;
        output.WriteLine($"{commits.Count} commits of {perCommit} bytes, the longest {commits.Max(o => o.Data.Length)}");
        Assert.True(commits.Count >= Steps);
        Assert.InRange(perCommit, 4096, 4096 + 512);

        // And it is all there after the power is gone.
        await using var after = new JournalHarness("/data", disk.Copy()) { Options = box.Options };
        after.Open();
        AssertSame(stream, after.Stream());
    }

    /// <summary>Random work that makes, merges and tells gaps; every now and then the power goes, or a sync fails. More of it: EDGE_GATEWAY_TEST_SEED.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Books_AfterAnyCommit_AreReadBackAsTheyWere(bool syncsFail)
    {
        var seed = Environment.GetEnvironmentVariable("EDGE_GATEWAY_TEST_SEED") is { Length: > 0 } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"EDGE_GATEWAY_TEST_SEED={seed}");
        var random = new Random(seed);
        var (changes, wholes) = (0, 0);
        for (var run = 0; run < 4; run++)
        {
            var disk = new SimulatedDisk();
            await using var box = new JournalHarness("/data", disk);
            box.Open();
            var stream = box.Stream(limits: new StreamLimits { Size = 100_000_000 });
            for (var step = 0; step < 300; step++)
            {
                for (var n = random.Next(8); n > 0; n--)
                {
                    box.Append(stream, new string('x', random.Next(200)));
                }

                if (syncsFail && random.Next(8) == 0)
                {
                    var left = random.Next(1, 4);
                    disk.Fault = (kind, _) => kind == DiskOperationKind.Sync && Interlocked.Decrement(ref left) >= 0 ? SimulatedDisk.Broken : null;
                }

                Work(stream, random);
                await CommitAsync(box, stream);
                disk.Fault = null;
                if (step % 5 == 0)
                {
                    await using var after = new JournalHarness("/data", disk.Copy());
                    after.Open();
                    AssertSame(stream, after.Stream(limits: new StreamLimits { Size = 100_000_000 }));
                }
            }

            var (some, all) = Frames(disk);
            (changes, wholes) = (changes + some, wholes + all);
        }

        output.WriteLine($"{changes} changes, {wholes} wholes");
        Assert.True(changes > 0 && wholes > 0);
    }

    private static bool IsSegment(string path) => path.EndsWith(".seg", StringComparison.Ordinal) && !Path.GetFileName(path).StartsWith("spare-", StringComparison.Ordinal);

    private static void Settle(IOutboxStream stream, ulong seq, bool dropped)
    {
        if (dropped)
        {
            stream.Abandon(seq, GapReason.Refused);
        }
        else
        {
            stream.Acknowledge(seq);
        }
    }

    /// <summary>Answers come for any of what is in flight; upstream hears of some gaps, or of parts of them.</summary>
    private static void Work(IOutboxStream stream, Random random)
    {
        foreach (var entry in JournalHarness.ReadAll(stream).Where(_ => random.Next(3) > 0))
        {
            Settle(stream, entry.Seq, dropped: random.Next(2) == 0);
        }

        foreach (var gap in stream.Gaps.Where(_ => random.Next(60) == 0))
        {
            stream.Forget(random.Next(2) == 0 ? gap : gap with { To = gap.From });
        }
    }

    private static async Task CommitAsync(JournalHarness box, IOutboxStream stream)
    {
        while (true)
        {
            if (box.Journal.Condition != Intake.Open)
            {
                box.Time.Advance(box.Options.Retry);
                await box.TurnsAsync();
            }

            var result = box.Append(stream, "commit");
            if (result.Status == AppendStatus.Accepted && await box.Durability.WaitAsync(result.Lsn))
            {
                return;
            }
        }
    }

    private static void AssertSame(IOutboxStream expected, IOutboxStream found)
    {
        Assert.Equal(expected.Ledger, found.Ledger);
        Assert.Equal(expected.Gaps, found.Gaps);
    }

    /// <summary>How often a stream was told as changed, and how often as a whole.</summary>
    private static (int Changes, int Wholes) Frames(SimulatedDisk disk)
    {
        var counted = new FrameCount();
        foreach (var path in disk.List(Folder).Where(IsSegment))
        {
            counted.Count(disk.Bytes(path));
        }

        return (counted.Changes, counted.Wholes);
    }

    private sealed class FrameCount
    {
        public int Changes { get; private set; }

        public int Wholes { get; private set; }

        public void Count(ReadOnlySpan<byte> segment)
        {
            for (var offset = 0; offset < segment.Length; offset += Layout.Block)
            {
                if (!CommitHeader.TryRead(segment[offset..], null, out var header) || header.Length > segment.Length - offset)
                {
                    continue;
                }

                var rest = segment.Slice(offset + CommitHeader.Size, header.Length - CommitHeader.Size);
                while (Gateway.Storage.Frames.TryNext(ref rest, out var type, out _))
                {
                    Changes += type == FrameType.StreamChange ? 1 : 0;
                    Wholes += type == FrameType.Stream ? 1 : 0;
                }
            }
        }
    }
}
