namespace Gateway.Hosting;

/// <summary>Tasks that run as long as the daemon, stopped together. One that fails is a defect: it ends the daemon, which systemd starts again.</summary>
internal sealed class TaskGroup(Action<string, Exception> failed)
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];

    public void Run(string name, Func<CancellationToken, Task> body)
    {
        lock (_tasks)
        {
            _tasks.RemoveAll(static t => t.IsCompletedSuccessfully);
            _tasks.Add(OwnAsync(name, body));
        }
    }

    /// <summary>Cancels all and waits until they have ended.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] tasks;
        lock (_tasks)
        {
            tasks = [.. _tasks];
            _tasks.Clear();
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    private async Task OwnAsync(string name, Func<CancellationToken, Task> body)
    {
        // Off the starter's thread: a body that does not yield must not hold up the start.
        await Task.Yield();
        try
        {
            await body(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to.
        }
        catch (Exception e)
        {
            failed(name, e);
        }
    }
}
