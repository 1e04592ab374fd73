using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>The last message of each topic that was published with RETAIN (MQTT 5.0 §3.3.1.3), in memory.</summary>
internal sealed class RetainedStore(long limit, TimeProvider time)
{
    private readonly TopicTree<MqttMessage> _messages = new();
    private long _bytes;

    public int Count => _messages.Count;

    /// <summary>Messages, and the levels of their topics.</summary>
    public long Bytes => Interlocked.Read(ref _bytes) + ((long)_messages.Nodes * TopicTree<MqttMessage>.NodeBytes);

    /// <summary>Whether the message can be stored: always when it replaces a larger one or removes one.</summary>
    public bool HasRoom(MqttMessage message)
    {
        var grows = SharedMessage.CostOf(message);
        return message.Payload.IsEmpty || Bytes + grows <= limit || (_messages.Get(message.Topic) is { } before && SharedMessage.CostOf(before) >= grows);
    }

    /// <summary>Stores the message, or removes what is stored when its payload is empty (MQTT-3.3.1-6).</summary>
    public void Set(MqttMessage message)
    {
        var after = message.Payload.IsEmpty ? null : message;
        var before = _messages.Change(message.Topic, after, static (_, m) => m);
        Interlocked.Add(ref _bytes, (after is null ? 0 : SharedMessage.CostOf(after)) - (before is null ? 0 : SharedMessage.CostOf(before)));
    }

    /// <summary>Adds what the filter matches and is not expired.</summary>
    public void Find(string filter, List<MqttMessage> found)
    {
        _messages.FindNames(filter, found);
        for (var i = found.Count - 1; i >= 0; i--)
        {
            if (IsExpired(found[i]))
            {
                Expire(found[i]);
                found.RemoveAt(i);
            }
        }
    }

    /// <summary>Removes what is expired (§3.3.2.3.3).</summary>
    public void Purge()
    {
        var all = new List<MqttMessage>();
        Find("#", all);
    }

    private bool IsExpired(MqttMessage message) =>
        message.Properties.MessageExpiryInterval is { } interval && time.GetElapsedTime(message.ReceivedAt).TotalSeconds >= interval;

    /// <summary>Unless a newer one has taken its place.</summary>
    private void Expire(MqttMessage message)
    {
        var before = _messages.Change(message.Topic, message, static (current, expired) => ReferenceEquals(current, expired) ? null : current);
        if (ReferenceEquals(before, message))
        {
            Interlocked.Add(ref _bytes, -SharedMessage.CostOf(message));
        }
    }
}
