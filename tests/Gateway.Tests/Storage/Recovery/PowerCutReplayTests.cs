using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Records every write, sync and name, cuts the power at random points of the recording, and checks what is left. More of it: EDGE_GATEWAY_TEST_CRASH_POINTS and EDGE_GATEWAY_TEST_SEED.</summary>
public sealed class PowerCutReplayTests(ITestOutputHelper output)
{
    private const int DefaultPoints = 200;
    private const int PointsPerRun = 50;
    private const int Lives = 3;
    private const int FlashPage = 16 << 10;
    private static readonly StreamId[] s_streams =
        [JournalHarness.Telemetry, JournalHarness.Alarm, new StreamId("cloud", Lane.Command), new StreamId("second", Lane.Telemetry)];

    private long _copied;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    public async Task PowerCut_AtAnyOperation_NothingAcknowledgedIsLostAndNoNumberComesTwice(bool syncsFail, bool stragglers, bool moves)
    {
        var points = ProofSetting.Of("EDGE_GATEWAY_TEST_CRASH_POINTS", DefaultPoints);
        var seed = ProofSetting.Of("EDGE_GATEWAY_TEST_SEED", Random.Shared.Next());
        output.WriteLine($"EDGE_GATEWAY_TEST_SEED={seed} EDGE_GATEWAY_TEST_CRASH_POINTS={points}");
        var first = seed;
        for (var done = 0; done < points; done += PointsPerRun, seed++)
        {
            _copied += await RunAsync(seed, Math.Min(PointsPerRun, points - done), syncsFail, stragglers, moves);
        }

        output.WriteLine($"{_copied} bytes were copied forward");
        Assert.True(!stragglers || _copied > 0);
        var what = $"power cut between any two writes{(syncsFail ? ", syncs failing too" : "")}{(stragglers ? ", a little waiting everywhere" : "")}{(moves ? ", the card going from machine to machine" : "")}";
        ProofSummary.Add(what, $"{points} points", "all", "0", "0", "", $"{first}");
    }

    [Fact]
    public async Task PowerCut_InTheMidstOfRecycling_EverythingIsThere()
    {
        var log = new List<DiskOperation>();
        var disk = new SimulatedDisk { Log = log };
        var options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize };
        await using var box = new JournalHarness("/data", disk) { Options = options };
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "1");
        for (var i = 2; i <= 150; i++)
        {
            await box.AppendAsync(stream, $"{i}:{new string('x', 2_000)}");
            if (i > 20)
            {
                Assert.True(stream.TryRead(0, out var entry));
                stream.Acknowledge(entry.Seq);
            }
        }

        var ledger = stream.Ledger;
        await box.CloseAsync();
        var recycled = log.FindLastIndex(o => o.Kind == DiskOperationKind.Rename && !Path.GetFileName(o.From!).StartsWith("spare-", StringComparison.Ordinal));
        Assert.True(recycled > 0);
        for (var cut = recycled; cut <= Math.Min(recycled + 6, log.Count); cut++)
        {
            for (var seed = 0; seed < 20; seed++)
            {
                await using var after = new JournalHarness("/data", SimulatedDisk.AfterPowerCut(log, cut, new Random(seed))) { Options = options };
                after.Open();
                Assert.Empty(after.Journal.Report.Quarantined);
                Assert.Equal(0UL, after.Journal.Report.Lost);
                var left = after.Stream();
                var numbers = JournalHarness.ReadAll(left).Select(e => e.Seq).ToList();
                Assert.Equal(left.Ledger.Next - left.Ledger.Oldest, (ulong)numbers.Count);
                Assert.True(left.Ledger.Oldest <= ledger.Oldest);
                Assert.Empty(left.Gaps);
            }
        }
    }

    /// <summary>Reported, not promised: a card that loses up to 16 KiB of what it had taken before, when the power goes while it writes.</summary>
    [Fact]
    public async Task PowerCut_TearsAFlashPage_OpensAndWhatIsLostIsToldOrCutOff()
    {
        var points = ProofSetting.Of("EDGE_GATEWAY_TEST_CRASH_POINTS", DefaultPoints) / 2;
        var seed = ProofSetting.Of("EDGE_GATEWAY_TEST_SEED", Random.Shared.Next());
        output.WriteLine($"EDGE_GATEWAY_TEST_SEED={seed}");
        var sum = new FlashTear();
        for (var done = 0; done < points; done += PointsPerRun, seed++)
        {
            var random = new Random(seed);
            var log = new List<DiskOperation>();
            var disk = new SimulatedDisk { Log = log };
            var model = new CrashModel();
            await using var box = new JournalHarness("/data", disk) { Options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize * random.Next(1, 4) } };
            box.Open();
            var workload = new CrashWorkload(box, disk, model, random);
            foreach (var id in s_streams)
            {
                workload.Attach(id);
            }

            await workload.RunAsync(300);
            await box.CloseAsync();
            for (var i = 0; i < PointsPerRun; i++)
            {
                var cut = random.Next(1, log.Count + 1);
                try
                {
                    await using var after = new JournalHarness("/data", SimulatedDisk.AfterPowerCut(log, cut, random, flashPage: FlashPage)) { Options = box.Options };
                    after.Open();
                    sum += FlashTear.Of(after, model, cut);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"seed {seed}, cut {i} after {cut} of {log.Count} operations", e);
                }
            }
        }

        output.WriteLine($"{points} tears of up to 16 KiB: {sum}");
    }

    private static async Task<long> RunAsync(int seed, int points, bool syncsFail, bool stragglers, bool moves)
    {
        var random = new Random(seed);
        var log = new List<DiskOperation>();
        var disk = new SimulatedDisk { Log = log };
        await using var box = new JournalHarness("/data", disk) { Options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize * (stragglers ? 1 : random.Next(1, 4)) } };
        var model = new CrashModel();
        box.Open();
        var workload = new CrashWorkload(box, disk, model, random, syncsFail, stragglers, moves);
        foreach (var id in s_streams)
        {
            workload.Attach(id);
        }

        await workload.RunAsync(stragglers ? 1_200 : 600);
        await box.CloseAsync();
        var copied = box.CopiedBytes;

        // The first machine goes on: what it has sent until the end, no copy of its card sends with other content.
        var seen = moves ? new IdentityRecord() : null;
        seen?.Add(model, int.MaxValue);
        for (var i = 0; i < points; i++)
        {
            var cut = random.Next(1, log.Count + 1);
            try
            {
                await CutAsync(log, cut, model, random, box.Options, seen);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, cut {i} after {cut} of {log.Count} operations", e);
            }
        }

        return copied;
    }

    private static async Task CutAsync(List<DiskOperation> log, int cut, CrashModel first, Random random, JournalOptions options, IdentityRecord? seen)
    {
        var model = first.Copy();
        for (var life = 0; life < Lives; life++)
        {
            var next = new List<DiskOperation>();
            var disk = SimulatedDisk.AfterPowerCut(log, cut, random, next);
            await using var box = new JournalHarness("/data", disk) { Options = options with { NewEpochs = seen is not null && (life == 0 || random.Next(2) == 0) } };
            box.Open();
            Assert.Equal(box.Options.NewEpochs, box.Journal.AreEpochsDurable);
            var opened = new Dictionary<StreamId, IOutboxStream>();
            try
            {
                model.Verify(box, cut, opened);
            }
            catch (Exception e)
            {
                var names = string.Join('\n', log.Take(cut).TakeLast(60).Select(o => $"{o.Kind} {Path.GetFileName(o.Path)} {Path.GetFileName(o.From)} {o.Offset} {o.Data.Length} {o.Inode.ToString()[..4]}"));
                throw new InvalidOperationException($"life {life}: {e.Message}\n{names}", e);
            }

            model.NewLife(box.Journal.State);
            box.Options = options;
            var workload = new CrashWorkload(box, disk, model, random, moves: seen is not null);
            foreach (var id in s_streams)
            {
                workload.Attach(id, opened.GetValueOrDefault(id));
            }

            var start = next.Count;
            await workload.RunAsync(random.Next(40));
            await box.CloseAsync();
            (log, cut) = (next, random.Next(start, next.Count + 1));
            seen?.Add(model, cut);
        }
    }
}
