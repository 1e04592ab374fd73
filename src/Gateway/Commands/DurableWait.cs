using Gateway.Storage;

namespace Gateway.Commands;

/// <summary>Lets a task wait until an LSN is durable.</summary>
internal sealed class DurableWait : IDurabilityObserver
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource<bool>, long> _waiting = new();
    private readonly IDurability _durability;
    private (long After, long Through) _failed;

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
            if (lsn > _failed.After && lsn <= _failed.Through)
            {
                return false;
            }

            if (lsn <= _durability.DurableLsn)
            {
                return true;
            }

            _waiting.Enqueue(waiting, lsn);
        }

        return await waiting.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public void OnDurable(long lsn) => Release(lsn, durable: true);

    public void OnFailed(long lsn)
    {
        lock (_lock)
        {
            // A later commit makes DurableLsn pass these, but they were lost.
            _failed = (_durability.DurableLsn, lsn);
        }

        Release(lsn, durable: false);
    }

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
