using System.Globalization;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Records every write, sync and name, cuts the power at random points of the recording, and checks what is left. More of it: EDGE_GATEWAY_TEST_CRASH_POINTS and EDGE_GATEWAY_TEST_SEED.</summary>
public sealed class PowerCutReplayTests(ITestOutputHelper output)
{
    private const int DefaultPoints = 300;
    private const int PointsPerRun = 50;

    private long _copied;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task PowerCut_AtAnyOperation_NothingAcknowledgedIsLostAndNoNumberComesTwice(bool syncsFail, bool stragglers)
    {
        var points = Setting("EDGE_GATEWAY_TEST_CRASH_POINTS", DefaultPoints);
        var seed = Setting("EDGE_GATEWAY_TEST_SEED", Random.Shared.Next());
        output.WriteLine($"EDGE_GATEWAY_TEST_SEED={seed} EDGE_GATEWAY_TEST_CRASH_POINTS={points}");
        for (var done = 0; done < points; done += PointsPerRun, seed++)
        {
            _copied += await RunAsync(seed, Math.Min(PointsPerRun, points - done), syncsFail, stragglers);
        }

        output.WriteLine($"{_copied} bytes were copied forward");
        Assert.True(!stragglers || _copied > 0);
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

    private static async Task<long> RunAsync(int seed, int points, bool syncsFail, bool stragglers)
    {
        var random = new Random(seed);
        var log = new List<DiskOperation>();
        var disk = new SimulatedDisk { Log = log };
        await using var box = new JournalHarness("/data", disk) { Options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize * (stragglers ? 1 : random.Next(1, 4)) } };
        var model = new CrashModel();
        box.Open();
        var workload = new CrashWorkload(box, disk, model, random, syncsFail, stragglers);
        workload.Attach(JournalHarness.Telemetry);
        workload.Attach(JournalHarness.Alarm);
        await workload.RunAsync(stragglers ? 1_200 : 600);
        await box.CloseAsync();
        var copied = box.Metrics.CopiedBytes;

        for (var i = 0; i < points; i++)
        {
            var cut = random.Next(1, log.Count + 1);
            try
            {
                await CutAsync(log, cut, model, random, box.Options);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, cut {i} after {cut} of {log.Count} operations", e);
            }
        }

        return copied;
    }

    private static async Task CutAsync(List<DiskOperation> log, int cut, CrashModel first, Random random, JournalOptions options)
    {
        var model = first.Copy();
        for (var life = 0; life < 2; life++)
        {
            var next = new List<DiskOperation>();
            var disk = SimulatedDisk.AfterPowerCut(log, cut, random, next);
            await using var box = new JournalHarness("/data", disk) { Options = options };
            box.Open();
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
            var workload = new CrashWorkload(box, disk, model, random);
            workload.Attach(JournalHarness.Telemetry, opened.GetValueOrDefault(JournalHarness.Telemetry));
            workload.Attach(JournalHarness.Alarm, opened.GetValueOrDefault(JournalHarness.Alarm));
            var start = next.Count;
            await workload.RunAsync(random.Next(40));
            await box.CloseAsync();
            (log, cut) = (next, random.Next(start, next.Count + 1));
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
