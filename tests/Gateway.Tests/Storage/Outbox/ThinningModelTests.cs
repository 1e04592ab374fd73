using System.Globalization;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Random work on a stream that is thinned: every message is told exactly once, by itself or by what stands for it; every number is acknowledged, in a gap, or here.</summary>
public sealed class ThinningModelTests(ITestOutputHelper output)
{
    private const int Size = 160_000;
    private const int Runs = 12;
    private const int Steps = 1_500;

    [Fact]
    public async Task RandomWork_EveryMessageIsToldOnce()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("EDGE_GATEWAY_TEST_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);
        output.WriteLine($"EDGE_GATEWAY_TEST_SEED={seed}");
        var thinned = 0UL;
        for (var run = 0; run < Runs; run++)
        {
            thinned += await RunAsync(new Random(seed + run), $"seed {seed + run}");
        }

        Assert.True(thinned > Runs * Steps / 10, $"{thinned} of {Runs * Steps} thinned");
    }

    private static async Task<ulong> RunAsync(Random random, string what)
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk()) { Options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize * random.Next(1, 5) } };
        box.Open();
        var stream = box.Stream(limits: ListDigest.Limits(Size));
        var (flying, told, acknowledged, abandoned) = (new SortedDictionary<ulong, List<int>>(), new List<int>(), 0UL, 0UL);
        for (var number = 1; number <= Steps;)
        {
            switch (random.Next(20))
            {
                case < 12:
                    var urgency = random.Next(3) == 0 ? Urgency.Window : Urgency.Immediate;
                    var appended = box.Append(stream, ListDigest.Payload(number++, random.Next(1, 2_000)), $"t{random.Next(4)}", urgency: urgency);
                    Assert.Equal(AppendStatus.Accepted, appended.Status);
                    if (urgency == Urgency.Immediate)
                    {
                        Assert.True(await box.Durability.WaitAsync(appended.Lsn));
                    }

                    break;
                case < 15:
                    if (flying.Count < 6 && stream.TryRead(flying.Count > 0 ? flying.Last().Key + 1 : 0, out var entry))
                    {
                        flying.Add(entry.Seq, [.. ListDigest.Numbers(JournalHarness.Text(entry))]);
                    }

                    break;
                case < 18 when flying.Count > 0:
                    var (seq, numbers) = flying.ElementAt(random.Next(flying.Count));
                    flying.Remove(seq);
                    told.AddRange(numbers);
                    if (random.Next(5) > 0)
                    {
                        stream.Acknowledge(seq);
                        acknowledged++;
                    }
                    else
                    {
                        stream.Abandon(seq, GapReason.Refused);
                        abandoned++;
                    }

                    break;
                case 18 when random.Next(4) == 0:
                    stream.Rewind();
                    flying.Clear();
                    break;
                case 19 when random.Next(40) == 0:
                    var options = box.Options;
                    box.Options = options with { NewEpochs = random.Next(2) == 0 };
                    await box.ReopenAsync();
                    box.Options = options;
                    stream = box.Stream(limits: ListDigest.Limits(Size));
                    flying.Clear();
                    break;
            }

            Assert.True(stream.Bytes <= Size + (4 * box.Options.BatchLimit), $"{what}: {stream.Bytes} bytes");
        }

        await box.ReopenAsync();
        stream = box.Stream(limits: new StreamLimits());
        var next = stream.Ledger.Next;
        foreach (var left in JournalHarness.ReadAll(stream))
        {
            told.AddRange(ListDigest.Numbers(JournalHarness.Text(left)));
            stream.Acknowledge(left.Seq);
            acknowledged++;
        }

        Assert.True(Enumerable.Range(1, Steps).SequenceEqual(told.Order()), $"{what}: not told {string.Join(' ', Enumerable.Range(1, Steps).Except(told))}");
        var ledger = stream.Ledger;
        Assert.Equal((next, acknowledged, next - 1 - acknowledged), (ledger.Oldest, ledger.Acknowledged, ledger.Dropped));
        Assert.Equal(ledger.Dropped, stream.Gaps.Aggregate(0UL, static (sum, g) => sum + g.Count));
        Assert.Equal(abandoned, stream.Gaps.Where(static g => g.Reason == GapReason.Refused).Aggregate(0UL, static (sum, g) => sum + g.Count));
        Assert.All(stream.Gaps, static g => Assert.True(g.Reason is GapReason.Downsampled or GapReason.Refused));
        return ledger.Dropped - abandoned;
    }
}
