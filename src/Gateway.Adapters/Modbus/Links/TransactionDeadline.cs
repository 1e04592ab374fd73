namespace Gateway.Adapters.Modbus;

/// <summary>The total deadline of one transaction after another, without an allocation for each. For who waits with a token or with a number: only the token costs a timer.</summary>
internal sealed class TransactionDeadline(TimeProvider time) : IDisposable
{
    private CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);
    private CancellationTokenRegistration _link;
    private TimeSpan _timeout;
    private long _start;
    private bool _isArmed;

    /// <summary>What ends the transaction whenever the deadline is.</summary>
    public CancellationToken Outer { get; private set; }

    /// <summary>Fires at the deadline, and when the owner cancels.</summary>
    public CancellationToken Token
    {
        get
        {
            if (!_isArmed)
            {
                _isArmed = true;
                _source.CancelAfter(Left > TimeSpan.Zero ? Left : TimeSpan.Zero);
                _link = Outer.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
            }

            return _source.Token;
        }
    }

    private TimeSpan Left => _timeout - time.GetElapsedTime(_start);

    /// <summary>How long a call that blocks may take, in whole ms.</summary>
    /// <exception cref="OperationCanceledException">The deadline is over, or the owner has cancelled.</exception>
    public int Wait()
    {
        Outer.ThrowIfCancellationRequested();
        var left = Left.TotalMilliseconds;
        return left > 0 ? (int)Math.Ceiling(left) : throw new OperationCanceledException();
    }

    /// <summary>The clock runs; the owner's cancellation ends it as well.</summary>
    public void Start(TimeSpan timeout, CancellationToken outer) => (_timeout, _start, Outer) = (timeout, time.GetTimestamp(), outer);

    /// <summary>The clock stops. A source that has fired cannot be used again.</summary>
    public void Stop()
    {
        Outer = default;
        if (!_isArmed)
        {
            return;
        }

        _isArmed = false;
        _link.Dispose();
        _link = default;
        if (!_source.TryReset())
        {
            _source.Dispose();
            _source = new(Timeout.InfiniteTimeSpan, time);
        }
    }

    public void Dispose()
    {
        _link.Dispose();
        _source.Dispose();
    }
}
