namespace Gateway.Broker;

/// <summary>What was sent at QoS 1 or 2 and is not yet done with (MQTT 5.0 §4.3). Not thread-safe.</summary>
internal sealed class InflightWindow
{
    private readonly Dictionary<ushort, Inflight> _entries = [];
    private ushort _lastId;
    private long _lastOrder;

    public int Count => _entries.Count;

    /// <summary>Gives the delivery an identifier that is not in use (§2.2.1).</summary>
    public ushort Add(in Delivery delivery)
    {
        do
        {
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        }
        while (_entries.ContainsKey(_lastId));

        _entries.Add(_lastId, new Inflight(delivery, ++_lastOrder, IsReleased: false));
        return _lastId;
    }

    public bool TryGet(ushort id, out Inflight entry) => _entries.TryGetValue(id, out entry);

    /// <summary>PUBREC came: from now on a PUBREL is what is repeated, never the PUBLISH (MQTT-4.3.3).</summary>
    public void Release(ushort id) => _entries[id] = _entries[id] with { IsReleased = true };

    public bool Remove(ushort id, out Inflight entry) => _entries.Remove(id, out entry);

    /// <summary>All identifiers in the order in which they were first sent (MQTT-4.6.0-1).</summary>
    public IEnumerable<ushort> InOrder() => _entries.OrderBy(entry => entry.Value.Order).Select(entry => entry.Key);

    public void Clear()
    {
        foreach (var entry in _entries.Values)
        {
            entry.Delivery.Shared.Release();
        }

        _entries.Clear();
    }
}

/// <param name="Delivery">What was sent.</param>
/// <param name="Order">Grows with every first sending.</param>
/// <param name="IsReleased">QoS 2: PUBREC came, PUBCOMP is awaited.</param>
internal readonly record struct Inflight(Delivery Delivery, long Order, bool IsReleased);
