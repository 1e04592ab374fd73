namespace Gateway.Storage;

/// <summary>What wakes the journal's thread, and why.</summary>
internal sealed class Wakeup : IDisposable
{
    /// <summary>After so many acknowledgements a cursor is written even if nothing else is.</summary>
    private const int MostUnwritten = 1_000;

    /// <summary>5 s: ages, space and the spare segments are looked after.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    private readonly AutoResetEvent _event = new(false);
    private readonly ITimer _window;
    private readonly ITimer _progress;
    private readonly ITimer _tick;
    private readonly TimeSpan _idle;
    private int _commit;
    private int _ticked;
    private int _progressed;

    public Wakeup(TimeProvider time, TimeSpan idle)
    {
        _idle = idle;
        _window = time.CreateTimer(static s => ((Wakeup)s!).Commit(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _progress = time.CreateTimer(static s => ((Wakeup)s!).CommitIfProgressed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _tick = time.CreateTimer(static s => ((Wakeup)s!).OnTick(), this, Tick, Tick);
    }

    /// <summary>Somebody waits for a commit.</summary>
    public void Commit()
    {
        if (Interlocked.Exchange(ref _commit, 1) == 0)
        {
            _event.Set();
        }
    }

    public void CommitWithin(TimeSpan window) => _window.Change(window, Timeout.InfiniteTimeSpan);

    /// <summary>A stream moved on: that rides in the next commit, or is written alone after a while.</summary>
    public void Progressed()
    {
        var count = Interlocked.Increment(ref _progressed);
        if (count == 1)
        {
            _progress.Change(_idle, Timeout.InfiniteTimeSpan);
        }
        else if (count == MostUnwritten)
        {
            Commit();
        }
    }

    /// <summary>Asks for a turn, for no other reason than to see one.</summary>
    public void Turn() => _event.Set();

    public void Wait() => _event.WaitOne();

    /// <summary>Waits, but not for long.</summary>
    public void Wait(int milliseconds) => _event.WaitOne(milliseconds);

    public bool TakeCommit() => Interlocked.Exchange(ref _commit, 0) != 0;

    public bool TakeTick() => Interlocked.Exchange(ref _ticked, 0) != 0;

    /// <summary>A commit takes along what had moved on.</summary>
    public void Written() => Interlocked.Exchange(ref _progressed, 0);

    public void Dispose()
    {
        _window.Dispose();
        _progress.Dispose();
        _tick.Dispose();
    }

    private void CommitIfProgressed()
    {
        if (Volatile.Read(ref _progressed) > 0)
        {
            Commit();
        }
    }

    private void OnTick()
    {
        Volatile.Write(ref _ticked, 1);
        _event.Set();
    }
}
