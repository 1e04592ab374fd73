using System.Threading.Tasks.Sources;

namespace Gateway.Adapters.Modbus;

/// <summary>Sleeps until a moment comes or someone calls, without an allocation for each sleep. One sleeper; anyone may call.</summary>
internal sealed class WakeSignal : IValueTaskSource, IDisposable
{
    private readonly object _gate = new();
    private readonly ITimer? _timer;
    private ManualResetValueTaskSourceCore<bool> _core;
    private bool _isWaiting;
    private bool _isSet;

    /// <param name="time">The clock; the system's if it blocks.</param>
    /// <param name="blocks">The sleeper has a thread of its own, which sleeps with it.</param>
    public WakeSignal(TimeProvider time, bool blocks) =>
        _timer = blocks ? null : time.CreateTimer(static self => ((WakeSignal)self!).Wake(isCall: false), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Ends at the latest after that time; may end earlier, so the caller looks again at what is due.</summary>
    public ValueTask WaitAsync(TimeSpan atMost)
    {
        lock (_gate)
        {
            if (_isSet || atMost <= TimeSpan.Zero)
            {
                _isSet = false;
                return ValueTask.CompletedTask;
            }

            // Timers count whole milliseconds and round down: rounded up here, or the last fraction would be spent spinning.
            var whole = TimeSpan.FromMilliseconds(Math.Ceiling(atMost.TotalMilliseconds));
            if (_timer is null)
            {
                Monitor.Wait(_gate, whole);
                _isSet = false;
                return ValueTask.CompletedTask;
            }

            _core.Reset();
            _isWaiting = true;
            _timer.Change(whole, Timeout.InfiniteTimeSpan);
            return new(this, _core.Version);
        }
    }

    /// <summary>Wakes the sleeper, or keeps it from falling asleep the next time.</summary>
    public void Set() => Wake(isCall: true);

    public void Dispose() => _timer?.Dispose();

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Wake(bool isCall)
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                _isSet |= isCall;
                Monitor.Pulse(_gate);
                return;
            }

            _isWaiting = false;
        }

        // The sleeper goes on where the timer fired, on a thread of the pool already; never on the thread of a caller.
        if (isCall)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static self => self._core.SetResult(true), this, preferLocal: false);
        }
        else
        {
            _core.SetResult(true);
        }
    }
}
