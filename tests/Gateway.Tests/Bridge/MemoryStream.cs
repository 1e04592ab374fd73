using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Bridge;

/// <summary>A stream in memory: one <see cref="MemorySlot"/> for each number, and nothing clever.</summary>
internal sealed class MemoryStream(StreamId id, TimeProvider time) : IOutboxStream
{
    private readonly Lock _lock = new();
    private readonly List<MemorySlot> _slots = [];
    private readonly List<(Func<bool> IsDone, TaskCompletionSource Reached)> _waiters = [];
    private int _durable;
    private int _oldest;

    public StreamId Id => id;

    public ulong Epoch { get; init; } = 0x0123456789abcdef;

    public ulong? PreviousEpoch { get; init; } = 0xfedcba9876543210;

    /// <summary>Entries up to this position are of <see cref="PreviousEpoch"/>.</summary>
    public ulong Base { get; set; }

    public StreamLimits Limits { get; set; } = new();

    public long Bytes => Locked(() => _slots.Where(s => s.IsWaiting).Sum(s => s.Cost));

    /// <summary>Set while the disk cannot be read: completes with the first read of what is in flight.</summary>
    public TaskCompletionSource? Pause { get; set; }

    public bool IsPaused => Pause is not null;

    /// <summary>The disk cannot be read for the next read only, and works again before anybody asks whether it does.</summary>
    public bool FailsOnce { get; set; }

    /// <summary>Thrown by the next read.</summary>
    public Exception? Fault { get; set; }

    public StreamLedger Ledger => Locked(() => new StreamLedger(
        Epoch,
        (ulong)_oldest + 1,
        (ulong)_durable + 1,
        (ulong)_slots.Take(_oldest).Count(s => s.Reason is null),
        (ulong)_slots.Take(_oldest).Count(s => s.Reason is not null)));

    public IReadOnlyList<StreamLedger> Epochs
    {
        get
        {
            var all = Ledger;
            return Base == 0
                ? [all]
                : [
                    all with { Oldest = Math.Max(all.Oldest, Base + 1) - Base, Next = all.Next - Base },
                    all with { Epoch = PreviousEpoch!.Value, Oldest = Math.Min(all.Oldest, Base + 1), Next = Base + 1 },
                ];
        }
    }

    public EntryIdentity Identify(ulong seq) =>
        seq <= Base ? new(PreviousEpoch!.Value, seq, null) : new(Epoch, seq - Base, seq - Base == 1 ? PreviousEpoch : null);

    public ulong PositionOf(Gap gap) => gap.Epoch == Epoch ? Base + gap.From : gap.From;

    public IReadOnlyList<Gap> Gaps => Locked(() =>
    {
        var gaps = new List<Gap>();
        for (var i = 0; i < _durable; i++)
        {
            if (_slots[i] is not { Reason: { } reason, IsTold: false } slot)
            {
                continue;
            }

            var (epoch, number, _) = Identify((ulong)i + 1);
            if (gaps.Count > 0 && gaps[^1] is var last && last.Epoch == epoch && last.To + 1 == number && last.Reason == reason)
            {
                gaps[^1] = last with { To = number, Last = slot.Wall };
            }
            else
            {
                gaps.Add(new Gap(epoch, number, number, reason, slot.Wall, slot.Wall));
            }
        }

        return gaps;
    });

    /// <summary>How many were dropped, by reason.</summary>
    public ulong Dropped(GapReason reason) => Locked(() => (ulong)_slots.Take(_durable).Count(s => s.Reason == reason));

    public bool HasRoom(MqttMessage message) => Locked(() => _slots.Where(s => s.IsWaiting).Sum(s => s.Cost) + MemorySlot.CostOf(message) <= Limits.Size);

    /// <summary>Gives the message the next number; one that is not taken is a gap once it is durable.</summary>
    public void Append(string topic, MqttMessage message, bool fits) => Locked(() =>
        _slots.Add(new MemorySlot(topic, message, time.GetTimestamp(), WallClock()) { Reason = fits ? null : GapReason.Size, IsDone = !fits }));

    public void Commit() => Locked(() =>
    {
        _durable = _slots.Count;
        while (Limits.WhenFull is WhenFull.DropOldest or WhenFull.Downsample && _slots.Where(s => s.IsWaiting).Sum(s => s.Cost) > Limits.Size)
        {
            if (!TryThin() && OldestIdle() is { } oldest)
            {
                oldest.Drop(GapReason.Size);
            }
            else if (OldestIdle() is null)
            {
                break;
            }
        }

        Advance();
    });

    public void TrimToAge() => Locked(() =>
    {
        while (OldestIdle() is { } oldest && Ended(oldest) is { } reason)
        {
            oldest.Drop(reason);
        }

        Advance();
    });

    public void Drop(ulong seq, GapReason reason) => Abandon(seq, reason);

    public void Restart(bool forgetAges) => Locked(() =>
    {
        foreach (var slot in _slots)
        {
            slot.IsInFlight = false;
            slot.At = forgetAges ? time.GetTimestamp() : slot.At;
        }
    });

    /// <summary>Completes once this many entries are acknowledged or dropped.</summary>
    public Task WhenSettledAsync(ulong atLeast) => When(() => (ulong)_slots.Count(s => s.IsDone) >= atLeast);

    /// <summary>Completes once upstream knows of every gap.</summary>
    public Task WhenToldAsync() => When(() => _slots.TrueForAll(static s => s.Reason is null || s.IsTold));

    public async ValueTask WaitAsync(ulong seq, CancellationToken cancellation) =>
        await When(() => (ulong)_oldest >= seq || _slots.Take(_durable).Skip((int)seq - 1).Any(s => s.IsWaiting)).WaitAsync(cancellation);

    public bool TryRead(ulong seq, out OutboxEntry entry)
    {
        if (Fault is { } fault)
        {
            Fault = null;
            throw fault;
        }

        if (FailsOnce)
        {
            FailsOnce = false;
            entry = default;
            return false;
        }

        if (Pause is { } pause)
        {
            if (Locked(() => seq >= 1 && seq <= (ulong)_slots.Count && _slots[(int)seq - 1].IsInFlight))
            {
                pause.TrySetResult();
            }

            entry = default;
            return false;
        }

        var found = Locked(() =>
        {
            for (var i = Math.Max(_oldest, (int)Math.Max(seq, 1) - 1); i < _durable; i++)
            {
                var slot = _slots[i];
                if (slot.IsWaiting && (Ended(slot) ?? Superseded(i)) is { } reason && (reason == GapReason.Expired || !slot.IsInFlight))
                {
                    slot.Drop(reason);
                }

                if (slot.IsWaiting)
                {
                    slot.IsInFlight = true;
                    Advance();
                    return slot.Read((ulong)i + 1, time);
                }
            }

            Advance();
            return (OutboxEntry?)null;
        });
        entry = found ?? default;
        return found is not null;
    }

    public void Acknowledge(ulong seq) => Settle(seq, s => s.IsInFlight, null);

    public void Abandon(ulong seq, GapReason reason) => Settle(seq, static _ => true, reason);

    public void Rewind() => Restart(forgetAges: false);

    public void Forget(Gap gap) => Locked(() =>
    {
        foreach (var slot in _slots.Skip((int)PositionOf(gap) - 1).Take((int)gap.Count))
        {
            slot.IsTold = true;
        }

        Advance();
    });

    private DateTimeOffset WallClock() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private void Settle(ulong seq, Func<MemorySlot, bool> condition, GapReason? reason) => Locked(() =>
    {
        if (seq >= 1 && seq <= (ulong)_durable && _slots[(int)seq - 1] is { IsWaiting: true } slot && condition(slot))
        {
            (slot.Reason, slot.IsDone, slot.IsInFlight) = (reason, true, false);
        }

        Advance();
    });

    /// <summary>The oldest that waits above everything in flight.</summary>
    private MemorySlot? OldestIdle() => Idle().FirstOrDefault();

    private IEnumerable<MemorySlot> Idle()
    {
        var last = _slots.FindLastIndex(static s => s is { IsWaiting: true, IsInFlight: true });
        return _slots.Take(_durable).Skip(last + 1).Where(static s => s.IsWaiting);
    }

    /// <summary>Sums up a quarter of the queue, the oldest of it.</summary>
    private bool TryThin()
    {
        if (Limits is not { WhenFull: WhenFull.Downsample, Digest: { } create })
        {
            return false;
        }

        var (digest, taken) = (create(), new List<MemorySlot>());
        foreach (var slot in Idle().Where(static s => s is { Message: { Retain: false, Properties.MessageExpiryInterval: null } }))
        {
            if (taken.Sum(static s => s.Cost) < Limits.Size / 4 && digest.TryAdd(slot.Topic, slot.Message))
            {
                taken.Add(slot);
            }
        }

        var standIns = digest.Finish();
        if (standIns.Sum(static s => MemorySlot.CostOf(s.Message)) > taken.Sum(static s => s.Cost) / 2 || taken.Count == 0)
        {
            return false;
        }

        taken.ForEach(static s => s.Drop(GapReason.Downsampled));
        _slots.AddRange(standIns.Select(s => new MemorySlot(s.Topic, s.Message, time.GetTimestamp(), WallClock())));
        _durable = _slots.Count;
        return true;
    }

    private GapReason? Ended(MemorySlot slot) =>
        slot.Remaining(time) <= 0 ? GapReason.Expired
        : time.GetElapsedTime(slot.At) > Limits.Age ? GapReason.Age
        : null;

    private GapReason? Superseded(int index) =>
        _slots[index].Message.Retain && _slots.Take(_durable).Skip(index + 1).Any(s => s.Message.Retain && s.Topic == _slots[index].Topic && s.Reason != GapReason.Size)
            ? GapReason.Superseded
            : null;

    private void Advance()
    {
        while (_oldest < _durable && _slots[_oldest].IsDone)
        {
            _oldest++;
        }

        foreach (var waiter in _waiters.FindAll(static w => w.IsDone()))
        {
            waiter.Reached.TrySetResult();
            _waiters.Remove(waiter);
        }
    }

    private Task When(Func<bool> isDone) => Locked(() =>
    {
        if (isDone())
        {
            return Task.CompletedTask;
        }

        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add((isDone, reached));
        return reached.Task;
    });

    private void Locked(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }

    private T Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return action();
        }
    }
}
