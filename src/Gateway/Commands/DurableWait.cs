using Gateway.Storage;

namespace Gateway.Commands;

/// <summary>Lets a task wait until an LSN is durable.</summary>
internal sealed class DurableWait : IDurabilityObserver
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource<bool>, long> _waiting = new();
    private readonly IDurability _durability;

    public DurableWait(IDurability durability)
    {
        _durability = durability;
        durability.Register(this);
    }

    /// <summary>Completes with true once it is durable, with false if the disk failed before.</summary>
    public async Task<bool> WaitAsync(long lsn, CancellationToken cancellation)
    {
        var waiting = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_durability.StateOf(lsn) is var state and not LsnState.Waiting)
            {
                return state == LsnState.Durable;
            }

            _waiting.Enqueue(waiting, lsn);
        }

        return await waiting.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public void OnDurable(long lsn) => Release(lsn, durable: true);

    public void OnFailed(long lsn) => Release(lsn, durable: false);

    private void Release(long lsn, bool durable)
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out var waiting, out var required) && required <= lsn)
            {
                _waiting.Dequeue();
                waiting.TrySetResult(durable);
            }
        }
    }
}
