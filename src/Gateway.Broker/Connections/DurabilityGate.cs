using System.Collections.Concurrent;
using Gateway.Storage;

namespace Gateway.Broker;

/// <summary>Says which acknowledgements may go, and wakes the connections whose acknowledgements wait.</summary>
internal sealed class DurabilityGate(IDurability durability) : IDurabilityObserver
{
    private readonly ConcurrentDictionary<ControlBuffer, bool> _buffers = [];

    public void Add(ControlBuffer buffer) => _buffers.TryAdd(buffer, true);

    public void Remove(ControlBuffer buffer) => _buffers.TryRemove(buffer, out _);

    public LsnState StateOf(long lsn) => durability.StateOf(lsn);

    public void OnDurable(long lsn) => Wake();

    public void OnFailed(long lsn) => Wake();

    private void Wake()
    {
        foreach (var (buffer, _) in _buffers)
        {
            buffer.WakeIfWaiting();
        }
    }
}
