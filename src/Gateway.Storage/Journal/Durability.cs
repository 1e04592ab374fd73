namespace Gateway.Storage;

internal sealed class Durability : IDurability
{
    private readonly Lock _lock = new();
    private IDurabilityObserver[] _observers = [];
    private long _durable;

    public long DurableLsn => Interlocked.Read(ref _durable);

    public void Register(IDurabilityObserver observer)
    {
        lock (_lock)
        {
            Volatile.Write(ref _observers, [.. _observers, observer]);
        }
    }

    public void Advance(long lsn)
    {
        Interlocked.Exchange(ref _durable, lsn);
        foreach (var observer in Volatile.Read(ref _observers))
        {
            observer.OnDurable(lsn);
        }
    }

    public void Fail(long lsn)
    {
        foreach (var observer in Volatile.Read(ref _observers))
        {
            observer.OnFailed(lsn);
        }
    }
}
