using System.Runtime.CompilerServices;

namespace Gateway.Adapters.Modbus;

/// <summary>Closes a line on which nothing was asked for a while, and opens it again with the next request: for devices that serve few clients at once.</summary>
/// <param name="inner">The line; owned from here on.</param>
/// <param name="idle">How long without a request.</param>
/// <param name="metrics">Counters of the link.</param>
/// <param name="time">The clock.</param>
internal sealed class RestingLink(IModbusLink inner, TimeSpan idle, ModbusMetrics metrics, TimeProvider time) : IModbusLink
{
    private readonly SemaphoreSlim _turn = new(1);
    private ITimer? _timer;
    private volatile bool _isResting;
    private long _lastUse;

    public bool Blocks => inner.Blocks;

    public bool IsOpen => _isResting || inner.IsOpen;

    public LineFault? Fault => inner.Fault;

    public LineFault? Note => inner.Note;

    /// <summary>Closed because nobody asks. May be read by any thread.</summary>
    public bool IsResting => _isResting;

    public bool IsBroadcast(byte unit) => inner.IsBroadcast(unit);

    public async ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _isResting = false;
            return await inner.OpenAsync(cancellation);
        }
        finally
        {
            EndTurn();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LinkReply> TransactAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_isResting)
            {
                _isResting = false;
                if (await inner.OpenAsync(cancellation) is not null)
                {
                    return new(TransactionStatus.Closed);
                }

                metrics.Connected();
            }

            return await inner.TransactAsync(unit, request, response, cancellation);
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>A line at rest is as good as alive: it is opened before it is used.</summary>
    public bool IsAlive() => _isResting || inner.IsAlive();

    public ValueTask CloseAsync() => inner.CloseAsync();

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await (_timer?.DisposeAsync() ?? ValueTask.CompletedTask);
        await inner.DisposeAsync();
        _turn.Dispose();
    }

    private void EndTurn()
    {
        _lastUse = time.GetTimestamp();
        _timer ??= time.CreateTimer(static link => ((RestingLink)link!).Look(), this, idle, Timeout.InfiniteTimeSpan);
        _turn.Release();
    }

    /// <summary>Who asks at this moment is not disturbed; the timer looks again.</summary>
    private void Look()
    {
        var next = idle;
        if (_turn.Wait(0))
        {
            var rest = idle - time.GetElapsedTime(_lastUse);
            if (rest > TimeSpan.Zero)
            {
                next = rest;
            }
            else if (inner.IsOpen)
            {
                _isResting = true;
                _ = RestAsync();
                return;
            }

            _turn.Release();
        }

        _timer!.Change(next, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Holds the turn, so that whoever asks meanwhile waits for it. Closing a connection of ours does not fail.</summary>
    private async Task RestAsync()
    {
        try
        {
            await inner.CloseAsync();
        }
        finally
        {
            _timer!.Change(idle, Timeout.InfiniteTimeSpan);
            _turn.Release();
        }
    }
}
