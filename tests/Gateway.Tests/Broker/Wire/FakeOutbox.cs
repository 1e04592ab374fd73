using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Broker.Wire;

/// <summary>An outbox in memory whose disk a test moves by hand.</summary>
internal sealed class FakeOutbox : IOutbox
{
    private readonly Lock _lock = new();
    private readonly Durability _durability = new();
    private readonly List<(MqttMessage Message, Urgency Urgency)> _appended = [];
    private long _lsn;

    public AppendStatus Answer { get; set; } = AppendStatus.Accepted;

    public IReadOnlyList<(MqttMessage Message, Urgency Urgency)> Appended
    {
        get
        {
            lock (_lock)
            {
                return [.. _appended];
            }
        }
    }

    public IDurability Durability => _durability;

    public IReadOnlyList<StreamId> Known => [];

    public IOutboxStream Open(StreamId id, StreamLimits limits) => throw new NotSupportedException();

    public void Close(StreamId id) => throw new NotSupportedException();

    public AppendResult Append(MqttMessage message, ReadOnlySpan<OutboxTarget> targets, Urgency urgency)
    {
        lock (_lock)
        {
            if (Answer != AppendStatus.Accepted)
            {
                return new AppendResult(Answer, 0);
            }

            _appended.Add((message, urgency));
            return new AppendResult(AppendStatus.Accepted, ++_lsn);
        }
    }

    /// <summary>A commit up to this number.</summary>
    public void Commit(long lsn) => _durability.Advance(lsn);

    /// <summary>A commit up to this number that failed.</summary>
    public void Fail(long lsn) => _durability.Fail(lsn);
}

/// <summary>A bridge that wants all messages under one prefix.</summary>
internal sealed class PrefixTarget(string prefix) : Gateway.Broker.IForwardTarget
{
    public void Select(MqttMessage message, List<OutboxTarget> targets)
    {
        if (message.Topic.StartsWith(prefix, StringComparison.Ordinal))
        {
            targets.Add(new OutboxTarget(null!, null));
        }
    }
}
