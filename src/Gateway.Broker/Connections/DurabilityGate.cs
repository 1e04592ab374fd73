using System.Collections.Concurrent;
using Gateway.Storage;

namespace Gateway.Broker;

/// <summary>Says which acknowledgements may go, and wakes the connections whose acknowledgements wait.</summary>
internal sealed class DurabilityGate(IDurability durability) : IDurabilityObserver
{
    /// <summary>Failures that are remembered; acknowledgements from before the oldest have long been answered.</summary>
    private const int RememberedFailures = 64;

    private readonly ConcurrentDictionary<ControlBuffer, bool> _buffers = [];
    private volatile Failure[] _failures = [];

    private readonly record struct Failure(long Above, long To);

    public void Add(ControlBuffer buffer) => _buffers.TryAdd(buffer, true);

    public void Remove(ControlBuffer buffer) => _buffers.TryRemove(buffer, out _);

    public AckState StateOf(long lsn)
    {
        if (lsn == 0)
        {
            return AckState.Ready;
        }

        foreach (var failure in _failures)
        {
            if (lsn > failure.Above && lsn <= failure.To)
            {
                return AckState.Failed;
            }
        }

        return lsn <= durability.DurableLsn ? AckState.Ready : AckState.Waiting;
    }

    public void OnDurable(long lsn) => Wake();

    public void OnFailed(long lsn)
    {
        _failures = [.. _failures.TakeLast(RememberedFailures - 1), new Failure(durability.DurableLsn, lsn)];
        Wake();
    }

    private void Wake()
    {
        foreach (var (buffer, _) in _buffers)
        {
            buffer.WakeIfWaiting();
        }
    }
}

internal enum AckState : byte
{
    Ready,
    Waiting,
    Failed,
}
