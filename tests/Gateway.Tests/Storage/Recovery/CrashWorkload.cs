using System.Text;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Random work of publishers and senders on one journal, told to a <see cref="CrashModel"/>.</summary>
internal sealed class CrashWorkload(JournalHarness box, SimulatedDisk disk, CrashModel model, Random random, bool faults = false, bool stragglers = false, bool moves = false)
{
    private readonly Dictionary<StreamId, IOutboxStream> _streams = [];
    private readonly Dictionary<StreamId, Queue<ulong>> _inFlight = [];
    private int _counter;

    /// <summary>In the journal that is open now; the model counts on over reopenings.</summary>
    private long _lastLsn;
    private long _base;
    private long _takenBack;

    /// <summary>Streams that the check after a cut has opened already are handed over.</summary>
    public void Attach(StreamId id, IOutboxStream? open = null)
    {
        if (!model.Streams.TryGetValue(id, out var stream))
        {
            stream = new StreamModel(id, Limits(id));
            model.Streams.Add(id, stream);
        }

        _streams[id] = open ?? box.Stream(id, stream.Limits);
        _inFlight[id] = new Queue<ulong>();
        stream.Epochs.TryAdd(_streams[id].Epoch, _streams[id].Ledger.Next - 1);
    }

    public async Task RunAsync(int steps)
    {
        Listen();
        for (var i = 0; i < steps; i++)
        {
            await StepAsync();
        }
    }

    private static StreamLimits Limits(StreamId id) => id.Lane switch
    {
        Lane.Alarm => new StreamLimits { Size = 60_000 },
        Lane.Command => new StreamLimits { Size = 60_000, WhenFull = WhenFull.DropNewest },
        _ when id != JournalHarness.Telemetry => new StreamLimits { Size = 60_000, WhenFull = WhenFull.Refuse },
        _ => new StreamLimits { Size = 10_000_000 },
    };

    private void Listen()
    {
        var from = _base;
        box.Durability.Advanced = lsn => model.Durable(disk.Operations, from + lsn);
    }

    /// <summary>Closed in order and opened again, on another machine perhaps: everything is as it was, and what comes has new epochs then.</summary>
    private async Task ReopenAsync()
    {
        var options = box.Options;
        box.Options = options with { NewEpochs = moves && random.Next(2) == 0 };
        await box.ReopenAsync();
        Assert.Equal(box.Options.NewEpochs, box.Journal.AreEpochsDurable);
        box.Options = options;
        Assert.Equal(0, box.Journal.Report.CutBytes);
        Assert.Empty(box.Journal.Report.Quarantined);
        _base += _lastLsn;
        _lastLsn = 0;
        foreach (var id in _streams.Keys.ToList())
        {
            Attach(id);
            Assert.Equal(model.Streams[id].Next, _streams[id].Ledger.Next);
        }

        Listen();
    }

    /// <summary>What failed was never seen: its numbers are given again. It may still turn up after a cut, as long as nothing else took its place.</summary>
    private void TakeBackWhatFailed()
    {
        var (durable, failed) = (box.Durability.Durable, box.Durability.Failed);
        if (failed <= durable || failed == _takenBack)
        {
            return;
        }

        _takenBack = failed;
        model.TakeBack(durable, failed);
    }

    private async Task StepAsync()
    {
        if (faults)
        {
            var left = random.Next(12) == 0 ? random.Next(1, 4) : 0;
            disk.Fault = (kind, _) => kind == DiskOperationKind.Sync && Interlocked.Decrement(ref left) >= 0 ? SimulatedDisk.Broken : null;
            if (box.Journal.Condition != Intake.Open)
            {
                box.Time.Advance(box.Options.Retry);
                await box.TurnsAsync();
            }

            TakeBackWhatFailed();
        }

        if (!faults && random.Next(150) == 0)
        {
            await ReopenAsync();
        }

        var ids = _streams.Keys.ToList();
        var id = random.Next(2) == 0 ? JournalHarness.Telemetry : ids[random.Next(ids.Count)];
        switch (random.Next(12))
        {
            case < 5:
                if (Append(id, Urgency.Immediate) && random.Next(2) == 0)
                {
                    Assert.True(await box.Durability.WaitAsync(_lastLsn) || faults);
                }

                break;
            case < 7:
                for (var n = random.Next(1, 20); n > 0; n--)
                {
                    Append(id, Urgency.Window);
                }

                break;
            case < 8:
                box.Time.Advance(box.Options.CommitWindow);
                Assert.True(await box.Durability.WaitAsync(_lastLsn) || faults);
                break;
            case < 9:
                Fact();
                break;
            case < 10:
                Read(id);
                break;
            case < 11:
                Acknowledge(id);
                break;
            default:
                _streams[id].Rewind();
                _inFlight[id].Clear();
                box.Time.Advance(TimeSpan.FromSeconds(random.Next(3)));
                break;
        }
    }

    /// <returns>Whether it was given a number, so that it can be waited for.</returns>
    private bool Append(StreamId id, Urgency urgency)
    {
        var retain = random.Next(6) == 0;
        var payload = $"{id}/{++_counter}/{random.Next()}:{new string('p', random.Next(1, random.Next(10) == 0 ? 9_000 : 600))}";
        var both = id.Lane != Lane.Command && random.Next(5) == 0;
        var topic = $"topic/{random.Next(5)}";
        OutboxTarget[] targets = both
            ? [new OutboxTarget(_streams[JournalHarness.Alarm], null), new OutboxTarget(_streams[JournalHarness.Telemetry], "remote")]
            : [new OutboxTarget(_streams[id], null)];
        var expiring = random.Next(8) == 0;
        var properties = expiring ? Gateway.Mqtt.MessageProperties.None with { MessageExpiryInterval = (uint)random.Next(1, 6) } : null;
        var result = box.Outbox.Append(JournalHarness.Message(topic, payload, retain && !both, properties), targets, urgency);
        if (result.Status != AppendStatus.Accepted)
        {
            // Its gap has a log sequence number of its own.
            _lastLsn = Math.Max(_lastLsn, result.Lsn);

            // A full memory, a broken disk: numbers of what nobody waited for are used up, as gaps.
            if (urgency == Urgency.Window)
            {
                foreach (var target in targets)
                {
                    model.Streams[target.Stream.Id].Next++;
                }
            }

            return false;
        }

        _lastLsn = result.Lsn;
        foreach (var target in targets)
        {
            var one = model.Streams[target.Stream.Id];
            one.Entries[one.Next++] = (payload, _base + result.Lsn);
            one.EpochOf[payload] = target.Stream.Epoch;
            if (urgency == Urgency.Immediate)
            {
                one.Awaited.Add(_base + result.Lsn);
            }
        }

        return true;
    }

    /// <summary>Every fortieth is kept in flight, so that a little waits in many segments.</summary>
    private void AcknowledgeButSome(StreamId id)
    {
        for (var n = _inFlight[id].Count; n > 0; n--)
        {
            var seq = _inFlight[id].Dequeue();
            if (seq % 40 == 1)
            {
                _inFlight[id].Enqueue(seq);
            }
            else
            {
                model.Streams[id].Acknowledged.TryAdd(seq, disk.Operations);
                _streams[id].Acknowledge(seq);
            }
        }
    }

    private void Fact()
    {
        var key = $"key/{random.Next(8)}";
        var value = random.Next(4) == 0 ? null : $"{++_counter}";
        var result = value is null
            ? box.Journal.State.Remove(key, Urgency.Immediate)
            : box.Journal.State.Put(key, Encoding.UTF8.GetBytes(value), Urgency.Immediate);
        if (result.Status == AppendStatus.Accepted)
        {
            model.Facts.Add((_base + result.Lsn, key, value));
            _lastLsn = result.Lsn;
        }
    }

    private void Read(StreamId id)
    {
        var stream = _streams[id];
        for (var n = random.Next(1, 40); n > 0; n--)
        {
            var from = _inFlight[id].Count > 0 ? _inFlight[id].Max() + 1 : 0;
            if (!stream.TryRead(from, out var entry))
            {
                return;
            }

            var payload = JournalHarness.Text(entry);
            Assert.Equal(model.Streams[id].Entries[entry.Seq].Payload, payload);
            model.Streams[id].Identify(stream, entry, disk.Operations);
            if (model.Streams[id].Sent.TryGetValue(entry.Seq, out var before))
            {
                Assert.Equal(before.Payload, payload);
            }
            else
            {
                model.Streams[id].Sent[entry.Seq] = (payload, disk.Operations);
            }

            _inFlight[id].Enqueue(entry.Seq);
        }
    }

    private void Acknowledge(StreamId id)
    {
        if (stragglers)
        {
            Read(id);
            Read(id);
            AcknowledgeButSome(id);
            return;
        }

        for (var n = random.Next(1, 40); n > 0 && _inFlight[id].TryDequeue(out var seq); n--)
        {
            if (random.Next(20) == 0)
            {
                _streams[id].Abandon(seq, GapReason.Refused);
            }
            else
            {
                model.Streams[id].Acknowledged.TryAdd(seq, disk.Operations);
                _streams[id].Acknowledge(seq);
            }
        }
    }
}
