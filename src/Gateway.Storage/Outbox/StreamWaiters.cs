namespace Gateway.Storage;

/// <summary>Who waits for a number to become durable. Guarded by the stream.</summary>
internal sealed class StreamWaiters
{
    private readonly List<Waiter> _waiters = [];

    public Task Add(ulong seq, CancellationToken cancellation)
    {
        var waiter = new Waiter(seq);
        _waiters.Add(waiter);
        waiter.Registration = cancellation.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
        return waiter.Task;
    }

    /// <summary>Whether nobody waits, as in a backlog: then there is nothing to ask.</summary>
    public bool IsEmpty => _waiters.Count == 0;

    public void Complete(Func<ulong, bool> isDone)
    {
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            var waiter = _waiters[i];
            if (waiter.Task.IsCompleted || isDone(waiter.Seq))
            {
                _waiters.RemoveAt(i);
                waiter.Registration.Unregister();
                waiter.TrySetResult();
            }
        }
    }

    private sealed class Waiter(ulong seq) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ulong Seq { get; } = seq;

        public CancellationTokenRegistration Registration { get; set; }
    }
}
