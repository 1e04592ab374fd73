namespace Gateway.Storage;

/// <summary>What people ask of the journal's thread: it is done between two commits.</summary>
internal sealed class JournalRequests(Wakeup wakeup)
{
    /// <summary>A person asks for one thing at a time; more is a program that does not wait for answers.</summary>
    private const int Most = 64;

    private readonly Lock _lock = new();
    private readonly Queue<Request> _waiting = new();
    private bool _closed;

    /// <summary>Completes when the thread has done the work, or could not.</summary>
    /// <exception cref="JournalException">The journal is closed, or too much is asked at once.</exception>
    public async Task<T> AskAsync<T>(Func<Committer, T> work)
    {
        T answer = default!;
        var request = new Request(c => answer = work(c));
        lock (_lock)
        {
            if (_closed || _waiting.Count >= Most)
            {
                throw new JournalException(_closed ? "the gateway is stopping: ask again once it is back" : "too much is asked of the journal at once: ask again");
            }

            _waiting.Enqueue(request);
        }

        wakeup.Turn();
        await request.Task.ConfigureAwait(false);
        return answer;
    }

    /// <summary>Does what is asked. On the journal's thread.</summary>
    public void Run(Committer committer)
    {
        while (TryTake(out var request))
        {
            try
            {
                request.Work(committer);
                request.SetResult();
            }
            catch (Exception e)
            {
                // Whatever it is, who asked hears it: the thread serves everybody else.
                request.SetException(e);
            }
        }
    }

    /// <summary>The thread ends.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }

        while (TryTake(out var request))
        {
            request.SetException(new JournalException("the gateway is stopping: ask again once it is back"));
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Request? request)
    {
        lock (_lock)
        {
            return _waiting.TryDequeue(out request);
        }
    }

    private sealed class Request(Action<Committer> work) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Action<Committer> Work { get; } = work;
    }
}
