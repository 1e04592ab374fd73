using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Bridge;

/// <summary>An outbox in memory that keeps the outbox's contract. What is appended is durable at once, unless there is a window or <see cref="HoldCommits"/>.</summary>
internal sealed class MemoryOutbox(TimeProvider? time = null) : IOutbox
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, MemoryStream> _streams = [];
    private readonly Durability _durability = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private ITimer? _window;
    private long _lsn;

    public bool HoldCommits { get; set; }

    /// <summary>How long an append that nobody waits for stays pending.</summary>
    public TimeSpan CommitWindow { get; set; } = TimeSpan.Zero;

    /// <summary>Bytes that a message may have.</summary>
    public int EntryLimit { get; set; } = 2 << 20;

    public IDurability Durability => _durability;

    public IReadOnlyList<StreamId> Known => [.. _streams.Keys];

    public MemoryStream this[StreamId id] => _streams[id];

    public IOutboxStream Open(StreamId id, StreamLimits limits)
    {
        if (!_streams.TryGetValue(id, out var stream))
        {
            stream = new MemoryStream(id, _time);
            _streams.Add(id, stream);
        }

        stream.Limits = limits;
        return stream;
    }

    public void Close(StreamId id) => Closed.Add(id);

    /// <summary>Streams that were let go of.</summary>
    public List<StreamId> Closed { get; } = [];

    public AppendResult Append(MqttMessage message, ReadOnlySpan<OutboxTarget> targets, Urgency urgency)
    {
        lock (_lock)
        {
            var tooLarge = message.Payload.Length > EntryLimit;
            foreach (var target in targets)
            {
                var stream = (MemoryStream)target.Stream;
                if (urgency == Urgency.Immediate && (tooLarge || (stream.Limits.WhenFull == WhenFull.Refuse && !stream.HasRoom(message))))
                {
                    return new AppendResult(AppendStatus.Refused, 0);
                }
            }

            var lsn = ++_lsn;
            foreach (var target in targets)
            {
                var stream = (MemoryStream)target.Stream;
                var fits = !tooLarge && (stream.Limits.WhenFull is WhenFull.DropOldest or WhenFull.Downsample || stream.HasRoom(message));
                stream.Append(target.Topic ?? message.Topic, message, fits);
            }

            if (HoldCommits)
            {
                return new AppendResult(tooLarge ? AppendStatus.Refused : AppendStatus.Accepted, lsn);
            }

            if (urgency == Urgency.Immediate || CommitWindow == TimeSpan.Zero)
            {
                Commit();
            }
            else
            {
                _window ??= _time.CreateTimer(_ => Commit(), null, CommitWindow, Timeout.InfiniteTimeSpan);
            }

            return new AppendResult(tooLarge ? AppendStatus.Refused : AppendStatus.Accepted, lsn);
        }
    }

    /// <summary>Everything appended so far is durable.</summary>
    public void Commit()
    {
        lock (_lock)
        {
            _window?.Dispose();
            _window = null;
            foreach (var stream in _streams.Values)
            {
                stream.Commit();
            }

            _durability.Advance(_lsn);
        }
    }

    public void Fail() => _durability.Fail(_lsn);

    /// <summary>What the journal's thread looks after from time to time.</summary>
    public void Tick()
    {
        foreach (var stream in _streams.Values)
        {
            stream.TrimToAge();
        }
    }

    /// <summary>The process starts anew.</summary>
    /// <param name="forgetAges">As after a boot without a clock that could be trusted.</param>
    public void Restart(bool forgetAges)
    {
        Commit();
        foreach (var stream in _streams.Values)
        {
            stream.Restart(forgetAges);
        }
    }
}
