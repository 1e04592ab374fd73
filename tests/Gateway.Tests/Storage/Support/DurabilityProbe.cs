using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Waits for durability as a connection does.</summary>
internal sealed class DurabilityProbe : IDurabilityObserver
{
    private readonly Lock _lock = new();
    private readonly List<(long Lsn, TaskCompletionSource<bool> Done)> _waiting = [];

    public DurabilityProbe(IDurability durability) => durability.Register(this);

    public long Durable { get; private set; }

    public long Failed { get; private set; }

    public Action<long>? Advanced { get; set; }

    /// <returns>Whether it became durable; false: it failed.</returns>
    public Task<bool> WaitAsync(long lsn)
    {
        lock (_lock)
        {
            if (lsn <= Failed || lsn <= Durable)
            {
                return Task.FromResult(lsn == 0 || lsn > Failed);
            }

            var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((lsn, done));
            return done.Task;
        }
    }

    public void OnDurable(long lsn)
    {
        Advanced?.Invoke(lsn);
        Complete(lsn, true);
    }

    public void OnFailed(long lsn) => Complete(lsn, false);

    private void Complete(long lsn, bool durable)
    {
        lock (_lock)
        {
            if (durable)
            {
                Durable = lsn;
            }
            else
            {
                Failed = lsn;
            }

            foreach (var (_, done) in _waiting.FindAll(w => w.Lsn <= lsn))
            {
                done.TrySetResult(durable);
            }

            _waiting.RemoveAll(w => w.Lsn <= lsn);
        }
    }
}
