namespace Gateway.Broker;

/// <summary>QoS 2 messages that a client has sent and not yet released: while an identifier is here, the message is not published again (MQTT-4.3.3-10).</summary>
/// <remarks>With each stands the LSN that must be durable before its PUBREC. At most 65,535 entries, by their nature.</remarks>
internal sealed class ReceivedIds
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, long> _required = [];

    public bool TryGet(ushort id, out long requiredLsn)
    {
        lock (_lock)
        {
            return _required.TryGetValue(id, out requiredLsn);
        }
    }

    public void Set(ushort id, long requiredLsn)
    {
        lock (_lock)
        {
            _required[id] = requiredLsn;
        }
    }

    public bool Remove(ushort id)
    {
        lock (_lock)
        {
            return _required.Remove(id);
        }
    }
}
