using Gateway.Mqtt;

namespace Gateway.Storage;

/// <summary>The outbox of a broker that has no bridges: nothing wants anything, so everything is durable at once.</summary>
public sealed class NoOutbox : IOutbox, IDurability
{
    public IDurability Durability => this;

    public IReadOnlyList<StreamId> Known => [];

    public long DurableLsn => long.MaxValue;

    public LsnState StateOf(long lsn) => LsnState.Durable;

    public void Close(StreamId id) => throw new NotSupportedException($"{id}: this broker has no bridges");

    public IOutboxStream Open(StreamId id, StreamLimits limits) => throw new NotSupportedException($"{id}: this broker has no bridges");

    public AppendResult Append(MqttMessage message, ReadOnlySpan<OutboxTarget> targets, Urgency urgency) => new(AppendStatus.Accepted, 0);

    public void Register(IDurabilityObserver observer)
    {
        // Nothing will ever become durable that is not already.
    }
}
