using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>The power goes at any write while a stream is thinned, sent and acknowledged: of every message that was promised, something is here that tells of it.</summary>
public sealed class ThinningPowerCutTests(ITestOutputHelper output)
{
    private const int Size = 120_000;
    private const int Lives = 3;
    private const int Points = 40;
    private const int DefaultPoints = 4 * Lives * Points;

    [Fact]
    public async Task PowerCut_AtAnyOperation_NothingPromisedIsUntoldAndNoNumberComesTwice()
    {
        var points = ProofSetting.Of("EDGE_GATEWAY_TEST_CRASH_POINTS", DefaultPoints);
        var seed = ProofSetting.Seed(output);
        var thinned = 0UL;
        for (var run = 0; run * Lives * Points < points; run++)
        {
            var random = new Random(seed + run);
            var disk = new SimulatedDisk { Log = [] };
            var known = new Known();
            var start = 1;
            for (var life = 0; life < Lives; life++)
            {
                await using (var box = new JournalHarness("/data", disk) { Options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize * random.Next(1, 4) } })
                {
                    box.Open();
                    thinned += await WorkAsync(box, disk, known, random);
                }

                for (var i = 0; i < Points; i++)
                {
                    var cut = random.Next(start, disk.Log!.Count + 1);
                    await CheckAsync(SimulatedDisk.AfterPowerCut(disk.Log!, cut, random), known, cut, $"seed {seed + run}, life {life}, cut {cut}");
                }

                var last = random.Next((start + disk.Log!.Count) / 2, disk.Log.Count + 1);
                disk = SimulatedDisk.AfterPowerCut(disk.Log, last, random, []);
                known.Cut(last);
                start = disk.Log!.Count;
            }
        }

        Assert.True(thinned > 0, "nothing was thinned");
        output.WriteLine($"{thinned} entries thinned");
        ProofSummary.Add("power cut while readings are summed up", $"{points} points", "all", "0", "0", "", $"{seed}");
    }

    private static async Task<ulong> WorkAsync(JournalHarness box, SimulatedDisk disk, Known known, Random random)
    {
        var stream = box.Stream(limits: ListDigest.Limits(Size));
        var (flying, before) = (new Queue<OutboxEntry>(), stream.Ledger.Dropped);
        for (var i = 0; i < 500; i++)
        {
            var number = ++known.Last;
            var urgency = random.Next(4) == 0 ? Urgency.Window : Urgency.Immediate;
            var result = box.Append(stream, ListDigest.Payload(number, random.Next(100, 900)), $"t{random.Next(3)}", urgency: urgency);
            Assert.Equal(AppendStatus.Accepted, result.Status);
            if (urgency == Urgency.Immediate && random.Next(3) > 0)
            {
                Assert.True(await box.Durability.WaitAsync(result.Lsn));
                known.Promised.Add((number, disk.Operations));
            }

            switch (random.Next(12))
            {
                case 0 when stream.TryRead(flying.Count > 0 ? flying.Max(static e => e.Seq) + 1 : 0, out var entry):
                    known.Send(entry, disk.Operations);
                    flying.Enqueue(entry);
                    break;
                case 1 when flying.TryDequeue(out var done):
                    known.Acknowledged.AddRange(ListDigest.Numbers(JournalHarness.Text(done)).Select(n => (n, disk.Operations)));
                    stream.Acknowledge(done.Seq);
                    break;
                case 2 when random.Next(10) == 0:
                    stream.Rewind();
                    flying.Clear();
                    break;
            }
        }

        return stream.Ledger.Dropped - before;
    }

    private static async Task CheckAsync(SimulatedDisk left, Known known, int cut, string what)
    {
        await using var box = new JournalHarness("/data", left) { Options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize } };
        box.Open();
        Assert.Equal(0UL, box.Journal.Report.Lost);
        var stream = box.Stream(limits: new StreamLimits());
        var first = stream.Ledger;
        var entries = JournalHarness.ReadAll(stream);
        var told = entries.SelectMany(e => ListDigest.Numbers(JournalHarness.Text(e))).Concat(known.Acknowledged.Where(a => a.Operation <= cut).Select(static a => a.Number)).ToHashSet();
        var untold = known.Promised.Where(p => p.Operation <= cut && !told.Contains(p.Number)).Select(static p => p.Number).ToList();
        Assert.True(untold.Count == 0, $"{what}: nothing tells of {string.Join(' ', untold.Take(10))} ({untold.Count}); {first}, gaps {string.Join(' ', stream.Gaps.Select(static g => $"{g.From}-{g.To} {g.Reason}"))}, here {string.Join(' ', entries.Take(20).Select(static e => e.Seq))}");
        foreach (var entry in entries)
        {
            if (known.Sent.TryGetValue(entry.Seq, out var sent) && sent.Operation <= cut)
            {
                Assert.True(sent.Payload == JournalHarness.Text(entry), $"{what}: {entry.Seq} came with other content");
            }

            stream.Acknowledge(entry.Seq);
        }

        var ledger = stream.Ledger;
        Assert.Equal((first.Next, first.Next - 1), (ledger.Oldest, ledger.Acknowledged + ledger.Dropped));
        Assert.True(known.Sent.Where(s => s.Value.Operation <= cut).All(s => s.Key < first.Next), $"{what}: a number that was sent is given again");
        Assert.All(stream.Gaps, static g => Assert.Equal(GapReason.Downsampled, g.Reason));
        Assert.Equal(ledger.Dropped, stream.Gaps.Aggregate(0UL, static (sum, g) => sum + g.Count));
    }

    /// <summary>What publishers were promised and upstream has seen, and when, in operations of the disk of this life.</summary>
    private sealed class Known
    {
        public int Last { get; set; }

        public List<(int Number, int Operation)> Promised { get; private set; } = [];

        public List<(int Number, int Operation)> Acknowledged { get; private set; } = [];

        public Dictionary<ulong, (string Payload, int Operation)> Sent { get; private set; } = [];

        public void Send(OutboxEntry entry, int operation)
        {
            var payload = JournalHarness.Text(entry);
            if (!Sent.TryAdd(entry.Seq, (payload, operation)))
            {
                Assert.Equal(Sent[entry.Seq].Payload, payload);
            }
        }

        /// <summary>What came after the cut has not been; what came before holds from the start of the next life.</summary>
        public void Cut(int cut)
        {
            Promised = [.. Promised.Where(p => p.Operation <= cut).Select(static p => (p.Number, 0))];
            Acknowledged = [.. Acknowledged.Where(a => a.Operation <= cut).Select(static a => (a.Number, 0))];
            Sent = Sent.Where(s => s.Value.Operation <= cut).ToDictionary(static s => s.Key, static s => (s.Value.Payload, 0));
        }
    }
}
