using Gateway.Mqtt;

namespace Gateway.Storage;

internal sealed class Outbox(Appender appender, StreamHost host, IDurability durability) : IOutbox
{
    private readonly HashSet<StreamId> _open = [];

    public IDurability Durability => durability;

    public IReadOnlyList<StreamId> Known => [.. appender.Streams.Select(s => s.Id)];

    public IOutboxStream Open(StreamId id, StreamLimits limits)
    {
        lock (_open)
        {
            if (!_open.Add(id))
            {
                throw new InvalidOperationException($"stream {id} is open already: a stream has one sender");
            }

            var stream = appender.Streams.FirstOrDefault(s => s.Id == id) ?? appender.Create(id, host);
            stream.Limits = limits;
            return stream;
        }
    }

    public void Close(StreamId id)
    {
        lock (_open)
        {
            if (_open.Remove(id) && appender.Streams.FirstOrDefault(s => s.Id == id) is { } stream)
            {
                stream.Limits = null;
            }
        }
    }

    public AppendResult Append(MqttMessage message, ReadOnlySpan<OutboxTarget> targets, Urgency urgency) => appender.Append(message, targets, urgency);
}
