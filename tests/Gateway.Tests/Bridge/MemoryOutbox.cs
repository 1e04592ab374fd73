using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Bridge;

/// <summary>An outbox in memory. What is appended is durable at once, unless <see cref="HoldCommits"/>.</summary>
internal sealed class MemoryOutbox : IOutbox, IDurability
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, MemoryStream> _streams = [];
    private readonly List<IDurabilityObserver> _observers = [];
    private long _lsn;
    private long _durable;

    public bool HoldCommits { get; set; }

    public IDurability Durability => this;

    public long DurableLsn => Interlocked.Read(ref _durable);

    public IReadOnlyList<StreamId> Known => [.. _streams.Keys];

    public MemoryStream this[StreamId id] => _streams[id];

    public void Register(IDurabilityObserver observer) => _observers.Add(observer);

    public IOutboxStream Open(StreamId id, StreamLimits limits) => _streams[id] = new MemoryStream(id);

    public AppendResult Append(MqttMessage message, ReadOnlySpan<OutboxTarget> targets, Urgency urgency)
    {
        foreach (var target in targets)
        {
            ((MemoryStream)target.Stream).Add(target.Topic ?? message.Topic, message);
        }

        return new AppendResult(AppendStatus.Accepted, NextLsn());
    }

    public long NextLsn()
    {
        var lsn = Interlocked.Increment(ref _lsn);
        if (!HoldCommits)
        {
            Commit();
        }

        return lsn;
    }

    public void Commit()
    {
        lock (_lock)
        {
            Interlocked.Exchange(ref _durable, Interlocked.Read(ref _lsn));
            _observers.ForEach(o => o.OnDurable(_durable));
        }
    }

    public void Fail() => _observers.ForEach(o => o.OnFailed(Interlocked.Read(ref _lsn)));
}
