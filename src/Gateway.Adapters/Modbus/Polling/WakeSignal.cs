using System.Threading.Tasks.Sources;
using Gateway.Adapters.Serial;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Adapters.Modbus;

/// <summary>Sleeps until a moment comes or someone calls, without an allocation for each sleep. One sleeper; anyone may call.</summary>
internal sealed class WakeSignal : IValueTaskSource, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ITimer? _timer;

    /// <summary>What a thread sleeps on; it remembers a call that came before. null: nobody sleeps as a thread.</summary>
    private readonly SafeFileHandle? _call;

    private ManualResetValueTaskSourceCore<bool> _core;
    private bool _isWaiting;
    private bool _isSet;
    private bool _isDisposed;

    /// <param name="time">The clock; the system's if it blocks.</param>
    /// <param name="blocks">The sleeper has a thread of its own, which sleeps with it.</param>
    public WakeSignal(TimeProvider time, bool blocks)
    {
        if (blocks)
        {
            _call = Libc.MakeEvent();
        }
        else
        {
            _timer = time.CreateTimer(static self => ((WakeSignal)self!).Wake(isCall: false), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends at the latest after that time; may end earlier, so the caller looks again at what is due.</summary>
    public ValueTask WaitAsync(TimeSpan atMost)
    {
        // Timers count whole milliseconds and round down: rounded up here, or the last fraction would be spent spinning.
        var whole = Math.Max(0, Math.Ceiling(atMost.TotalMilliseconds));
        if (_call is not null)
        {
            Sleep(_call, (int)whole);
            return ValueTask.CompletedTask;
        }

        lock (_lock)
        {
            if (_isSet || whole == 0)
            {
                _isSet = false;
                return ValueTask.CompletedTask;
            }

            _core.Reset();
            _isWaiting = true;
            _timer!.Change(TimeSpan.FromMilliseconds(whole), Timeout.InfiniteTimeSpan);
            return new(this, _core.Version);
        }
    }

    /// <summary>Wakes the sleeper, or keeps it from falling asleep the next time.</summary>
    public void Set()
    {
        if (_call is null)
        {
            Wake(isCall: true);
            return;
        }

        lock (_lock)
        {
            if (!_isDisposed)
            {
                Libc.Signal(_call);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _call?.Dispose();
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private static unsafe void Sleep(SafeFileHandle call, int milliseconds)
    {
        var entry = new Libc.PollEntry { Descriptor = (int)call.DangerousGetHandle(), Events = Libc.PollIn };
        if (Libc.Poll(&entry, 1, milliseconds) > 0)
        {
            Libc.TakeSignal(call);
        }
    }

    private void Wake(bool isCall)
    {
        lock (_lock)
        {
            if (!_isWaiting)
            {
                _isSet |= isCall;
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
