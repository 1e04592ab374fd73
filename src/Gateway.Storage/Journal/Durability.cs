namespace Gateway.Storage;

/// <summary>How far the disk has come, the ranges that it lost, and who wants to hear of it: what every outbox keeps.</summary>
public sealed class Durability : IDurability
{
    /// <summary>Failures that are remembered; whoever waited for what came before the oldest has long been answered.</summary>
    private const int RememberedFailures = 64;

    private readonly Lock _lock = new();
    private IDurabilityObserver[] _observers = [];
    private volatile Failure[] _failures = [];
    private long _durable;

    private readonly record struct Failure(long Above, long To);

    public long DurableLsn => Interlocked.Read(ref _durable);

    public LsnState StateOf(long lsn)
    {
        // Before the failures: what fails later than this look is above the mark.
        var durable = DurableLsn;
        foreach (var failure in _failures)
        {
            if (lsn > failure.Above && lsn <= failure.To)
            {
                return LsnState.Failed;
            }
        }

        return lsn <= durable ? LsnState.Durable : LsnState.Waiting;
    }

    public void Register(IDurabilityObserver observer)
    {
        lock (_lock)
        {
            Volatile.Write(ref _observers, [.. _observers, observer]);
        }
    }

    /// <summary>A commit became durable. One caller at a time, for this and <see cref="Fail"/>.</summary>
    public void Advance(long lsn)
    {
        Interlocked.Exchange(ref _durable, lsn);
        foreach (var observer in Volatile.Read(ref _observers))
        {
            observer.OnDurable(lsn);
        }
    }

    /// <summary>Everything above the mark up to this number is lost.</summary>
    public void Fail(long lsn)
    {
        if (lsn > DurableLsn)
        {
            _failures = [.. _failures.TakeLast(RememberedFailures - 1), new Failure(DurableLsn, lsn)];
        }

        foreach (var observer in Volatile.Read(ref _observers))
        {
            observer.OnFailed(lsn);
        }
    }
}
