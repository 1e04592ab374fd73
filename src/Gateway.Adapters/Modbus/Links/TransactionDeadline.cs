namespace Gateway.Adapters.Modbus;

/// <summary>The total deadline of one transaction after another, without an allocation for each.</summary>
internal sealed class TransactionDeadline(TimeProvider time) : IDisposable
{
    private CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);
    private CancellationTokenRegistration _outer;

    public CancellationToken Token => _source.Token;

    /// <summary>The clock runs; the owner's cancellation ends it as well.</summary>
    public void Start(TimeSpan timeout, CancellationToken outer)
    {
        _source.CancelAfter(timeout);
        _outer = outer.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>The clock stops. A source that has fired cannot be used again.</summary>
    public void Stop()
    {
        _outer.Dispose();
        _outer = default;
        if (!_source.TryReset())
        {
            _source.Dispose();
            _source = new(Timeout.InfiniteTimeSpan, time);
        }
    }

    public void Dispose()
    {
        _outer.Dispose();
        _source.Dispose();
    }
}
