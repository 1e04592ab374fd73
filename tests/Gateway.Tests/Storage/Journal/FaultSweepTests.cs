using System.Globalization;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>
/// Lets the n-th operation of a workload fail, for every n, with EIO, ENOSPC or EROFS, once or until the disk is healed. Every third n in an ordinary run;
/// EDGE_GATEWAY_TEST_CRASH_POINTS of 2000 or more: every one.
/// </summary>
public sealed class FaultSweepTests(ITestOutputHelper output)
{
    private const int Steps = 60;
    private const int BrokenSteps = 12;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(5, false)]
    [InlineData(5, true)]
    [InlineData(28, false)]
    [InlineData(28, true)]
    [InlineData(30, true)]
    public async Task Operation_NthFails_NothingAcknowledgedIsLostAndItHeals(int errno, bool forGood)
    {
        var stride = Environment.GetEnvironmentVariable("EDGE_GATEWAY_TEST_CRASH_POINTS") is { Length: > 0 } text && int.Parse(text, CultureInfo.InvariantCulture) >= 2_000 ? 1 : 3;
        for (var n = Random.Shared.Next(stride); ; n += stride)
        {
            try
            {
                if (!await new FaultRun(n, errno, forGood).RunAsync())
                {
                    output.WriteLine($"every {stride}. of {n} operations failed");
                    return;
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"operation {n} fails with {errno}, {(forGood ? "until healed" : "once")}", e);
            }
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(28)]
    [InlineData(30)]
    public async Task Start_NthOperationFails_RefusedInWordsOrOpenAndNothingIsLost(int errno)
    {
        var made = await DamagedJournal.MakeAsync(isStopped: true);
        for (var n = 0; ; n++)
        {
            var disk = made.Disk.Copy();
            var (count, hit) = (0, false);
            disk.Fault = (_, path) =>
            {
                if (Interlocked.Increment(ref count) - 1 != n)
                {
                    return null;
                }

                hit = true;
                return new IOException($"error {errno} at {path}", errno);
            };
            await using var box = new JournalHarness("/data", disk);
            try
            {
                box.Open();
            }
            catch (JournalException e)
            {
                Assert.Contains("/data/journal", e.Message, StringComparison.Ordinal);
                Assert.Contains("; ", e.Message, StringComparison.Ordinal);
                box.Open();
            }

            if (!hit)
            {
                return;
            }

            disk.Fault = null;
            Assert.Equal(0UL, box.Journal.Report.Lost);
            foreach (var id in DamagedJournal.Streams)
            {
                Assert.Equal(made.Last(id), (ulong)JournalHarness.ReadAll(box.Stream(id)).Count);
            }
        }
    }

    private sealed class FaultRun(int n, int errno, bool forGood)
    {
        private readonly SimulatedDisk _disk = new();
        private readonly List<string> _promised = [];
        private readonly List<string> _failed = [];
        private readonly List<string> _delivered = [];
        private int _operations;
        private volatile bool _hit;

        /// <returns>Whether there was an n-th operation.</returns>
        public async Task<bool> RunAsync()
        {
            await using var box = new JournalHarness("/data", _disk) { Options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize } };
            box.Open();
            var stream = box.Stream(limits: new StreamLimits { WhenFull = WhenFull.Refuse });
            _disk.Fault = (_, path) =>
            {
                var at = Interlocked.Increment(ref _operations) - 1;
                if (at < n || (!forGood && at > n))
                {
                    return null;
                }

                _hit = true;
                return new IOException($"error {errno} at {path}", errno);
            };
            var broken = 0;
            for (var step = 0; step < Steps; step++)
            {
                await StepAsync(box, stream, step);
                if (_hit && ++broken == BrokenSteps)
                {
                    _disk.Fault = null;
                }
            }

            var hit = _hit;
            _disk.Fault = null;
            await HealAsync(box);
            await StepAsync(box, stream, Steps);
            Assert.DoesNotContain($"{Steps}:", _failed);
            await VerifyAsync(box, stream);
            await box.ReopenAsync();
            Assert.Empty(box.Journal.Report.Quarantined);
            await VerifyAsync(box, box.Stream(limits: new StreamLimits { WhenFull = WhenFull.Refuse }));
            return hit;
        }

        private async Task StepAsync(JournalHarness box, IOutboxStream stream, int step)
        {
            var payload = $"{step}:";
            var result = box.Append(stream, payload + new string('x', 3_000));
            var isPromised = result.Status == AppendStatus.Accepted && await box.Durability.WaitAsync(result.Lsn).WaitAsync(s_patience);
            (isPromised ? _promised : _failed).Add(payload);
            if (step % 2 == 0 && stream.TryRead(0, out var entry))
            {
                _delivered.Add(Head(entry));
                stream.Acknowledge(entry.Seq);
            }

            if (_hit)
            {
                box.Time.Advance(TimeSpan.FromSeconds(6));
                await box.TurnsAsync(1).WaitAsync(s_patience);
            }
        }

        private static async Task HealAsync(JournalHarness box)
        {
            for (var tries = 0; box.Journal.Condition != Intake.Open; tries++)
            {
                Assert.True(tries < 100, $"still {box.Journal.Condition}");
                box.Time.Advance(box.Options.Retry);
                await box.TurnsAsync(2).WaitAsync(s_patience);
            }
        }

        /// <summary>What was promised is there, once, in order; beside it at most what had failed.</summary>
        private async Task VerifyAsync(JournalHarness box, IOutboxStream stream)
        {
            // A reader that was paused looks again at the next tick.
            box.Time.Advance(TimeSpan.FromSeconds(6));
            await box.TurnsAsync(2).WaitAsync(s_patience);
            Assert.Empty(stream.Gaps);
            stream.Rewind();
            var entries = JournalHarness.ReadAll(stream);
            Assert.Equal(stream.Ledger.Next - stream.Ledger.Oldest, (ulong)entries.Count);
            var found = entries.Select(Head).Where(f => !_delivered.Contains(f)).ToList();
            Assert.Equal(_promised.Except(_delivered), found.Where(f => !_failed.Contains(f)));
            Assert.Equal(found.Count, found.Distinct().Count());
        }

        private static string Head(OutboxEntry entry) => JournalHarness.Text(entry).Split(':')[0] + ':';
    }
}
