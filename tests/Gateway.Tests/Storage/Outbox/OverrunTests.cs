using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>A bounded queue is overrun ten times while upstream is away, then drained: received and gaps are all numbers that were given, and every book says the same.</summary>
public sealed class OverrunTests
{
    private const int Size = 100_000;
    private const int Payload = 500;

    public static TheoryData<OutboxKind, WhenFull, WhenFull> Mixes
    {
        get
        {
            var mixes = new TheoryData<OutboxKind, WhenFull, WhenFull>();
            foreach (var kind in Enum.GetValues<OutboxKind>())
            {
                foreach (var telemetry in (WhenFull[])[WhenFull.DropOldest, WhenFull.DropNewest, WhenFull.Refuse])
                {
                    foreach (var alarm in (WhenFull[])[WhenFull.DropOldest, WhenFull.DropNewest, WhenFull.Refuse])
                    {
                        mixes.Add(kind, telemetry, alarm);
                    }
                }
            }

            return mixes;
        }
    }

    [Theory, MemberData(nameof(Mixes))]
    public async Task Tenfold_ThenDrained_EverythingAddsUp(OutboxKind kind, WhenFull telemetryPolicy, WhenFull alarmPolicy)
    {
        await using var box = OutboxBox.Open(kind);
        var telemetry = new OverrunLane(box, Lane.Telemetry, telemetryPolicy);
        var alarm = new OverrunLane(box, Lane.Alarm, alarmPolicy);
        for (var i = 1; i <= 10 * Size / Payload; i++)
        {
            var urgency = i % 50 == 0 ? Urgency.Immediate : Urgency.Window;
            OutboxTarget[] targets = (i % 3) switch
            {
                0 => [new(telemetry.Stream, null)],
                1 => [new(alarm.Stream, null)],
                _ => [new(telemetry.Stream, null), new(alarm.Stream, null)],
            };
            var result = box.Outbox.Append(JournalHarness.Message("t", $"{i}:{new string('x', Payload)}"), targets, urgency);
            if (result.Status == AppendStatus.Accepted)
            {
                foreach (var target in targets)
                {
                    (target.Stream.Id.Lane == Lane.Telemetry ? telemetry : alarm).Given++;
                }

                if (urgency == Urgency.Immediate)
                {
                    Assert.True(await box.Durability.WaitAsync(result.Lsn));
                }
            }
            else
            {
                // Nobody was deceived: who waited was told, and nothing has a number.
                Assert.Equal(Urgency.Immediate, urgency);
                Assert.Contains(targets, t => t.Stream.Id.Lane == Lane.Telemetry ? telemetryPolicy == WhenFull.Refuse : alarmPolicy == WhenFull.Refuse);
            }
        }

        await box.PassWindowAsync(box.Append(telemetry.Stream, new string('x', OutboxBox.TooLarge), Urgency.Window));
        telemetry.Given++;
        await box.SettleAsync();
        await box.ReopenAsync();
        telemetry.Drain();
        alarm.Drain();
    }

    /// <summary>One lane, what was given to it, and what a backend makes of it.</summary>
    private sealed class OverrunLane(OutboxBox box, Lane lane, WhenFull policy)
    {
        private readonly StreamLimits _limits = new() { Size = Size, WhenFull = policy };
        private IOutboxStream? _stream;

        public ulong Given { get; set; }

        public IOutboxStream Stream => _stream ??= box.Stream(_limits, lane);

        public void Drain()
        {
            _stream = box.Stream(_limits, lane);
            Assert.Equal(Given + 1, _stream.Ledger.Next);
            Assert.InRange(_stream.Bytes, 1, Size);
            var received = new List<ulong>();
            for (var seq = 0UL; _stream.TryRead(seq, out var entry); seq = entry.Seq + 1)
            {
                received.Add(entry.Seq);
                if (received.Count % 7 == 0)
                {
                    received.TakeLast(7).Reverse().ToList().ForEach(_stream.Acknowledge);
                }
            }

            received.ForEach(_stream.Acknowledge);
            var gaps = _stream.Gaps;
            var missing = gaps.SelectMany(g => Enumerable.Range((int)g.From, (int)g.Count)).Select(n => (ulong)n).ToList();
            Assert.Equal(Enumerable.Range(1, (int)Given).Select(n => (ulong)n), received.Concat(missing).Order());
            Assert.All(gaps, g => Assert.Equal(GapReason.Size, g.Reason));
            Assert.True(missing.Count > received.Count, "it was not overrun");
            var ledger = _stream.Ledger;
            Assert.Equal((Given + 1, Given + 1, (ulong)received.Count, (ulong)missing.Count), (ledger.Oldest, ledger.Next, ledger.Acknowledged, ledger.Dropped));
            Assert.Equal((ulong)missing.Count, box.Counted(lane, GapReason.Size));
            Assert.Equal(0, _stream.Bytes);

            // What is missing is in few pieces, and what the policy keeps is kept.
            Assert.InRange(gaps.Count, 1, policy == WhenFull.DropOldest ? 2 : 20);
            Assert.Equal(policy == WhenFull.DropOldest, gaps[0].From == 1);
            Assert.Equal(policy != WhenFull.DropOldest, received[0] == 1);
        }
    }
}
