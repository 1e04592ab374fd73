using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Bridge;

/// <summary>A stream in memory, with the semantics of <see cref="IOutboxStream"/>.</summary>
internal sealed class MemoryStream(StreamId id) : IOutboxStream
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, OutboxEntry> _entries = [];
    private readonly List<Gap> _gaps = [];
    private readonly List<(ulong Seq, TaskCompletionSource Reached)> _waiters = [];
    private readonly List<(ulong AtLeast, TaskCompletionSource Reached)> _ackWaiters = [];
    private ulong _next = 1;
    private ulong _acknowledged;
    private ulong _dropped;

    public StreamId Id => id;

    public ulong Epoch { get; init; } = 0x0123456789abcdef;

    public ulong? PreviousEpoch { get; init; } = 0xfedcba9876543210;

    /// <summary>Entries up to this position are of <see cref="PreviousEpoch"/>.</summary>
    public ulong Base { get; set; }

    public long Bytes => 0;

    /// <summary>Thrown by the next read.</summary>
    public Exception? Fault { get; set; }

    public StreamLedger Ledger
    {
        get
        {
            lock (_lock)
            {
                return new StreamLedger(Epoch, Oldest, _next, _acknowledged, _dropped);
            }
        }
    }

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

    public IReadOnlyList<Gap> Gaps
    {
        get
        {
            lock (_lock)
            {
                return [.. _gaps];
            }
        }
    }

    private ulong Oldest => _entries.Count == 0 ? _next : _entries.Keys.First();

    public void Add(string topic, MqttMessage message)
    {
        lock (_lock)
        {
            _entries[_next] = new OutboxEntry(_next, topic, message, DateTimeOffset.UnixEpoch);
            _next++;
            Release();
        }
    }

    public void Drop(ulong seq, GapReason reason) => Abandon(seq, reason);

    /// <summary>Completes once this many entries are acknowledged or dropped.</summary>
    public Task WhenSettledAsync(ulong atLeast)
    {
        lock (_lock)
        {
            if (_acknowledged + _dropped >= atLeast)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ackWaiters.Add((atLeast, reached));
            return reached.Task;
        }
    }

    public async ValueTask WaitAsync(ulong seq, CancellationToken cancellation)
    {
        Task task;
        lock (_lock)
        {
            if (_next > seq)
            {
                return;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((seq, reached));
            task = reached.Task;
        }

        await task.WaitAsync(cancellation);
    }

    public bool TryRead(ulong seq, out OutboxEntry entry)
    {
        if (Fault is { } fault)
        {
            Fault = null;
            throw fault;
        }

        lock (_lock)
        {
            foreach (var (number, found) in _entries)
            {
                if (number >= seq)
                {
                    entry = found;
                    return true;
                }
            }
        }

        entry = default;
        return false;
    }

    public void Acknowledge(ulong seq)
    {
        lock (_lock)
        {
            _acknowledged += _entries.Remove(seq) ? 1UL : 0;
            ReleaseSettled();
        }
    }

    public void Abandon(ulong seq, GapReason reason)
    {
        lock (_lock)
        {
            if (_entries.Remove(seq))
            {
                var (epoch, number, _) = Identify(seq);
                _gaps.Add(new Gap(epoch, number, number, reason, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
                _dropped++;
                ReleaseSettled();
            }
        }
    }

    public void Rewind()
    {
        // Nothing is dropped by itself here: what is in flight needs no protection.
    }

    public void Forget(Gap gap)
    {
        lock (_lock)
        {
            _gaps.Remove(gap);
        }
    }

    private void Release()
    {
        foreach (var (_, reached) in _waiters.FindAll(w => w.Seq < _next))
        {
            reached.TrySetResult();
        }

        _waiters.RemoveAll(w => w.Seq < _next);
    }

    private void ReleaseSettled()
    {
        foreach (var (_, reached) in _ackWaiters.FindAll(w => w.AtLeast <= _acknowledged + _dropped))
        {
            reached.TrySetResult();
        }
    }
}
