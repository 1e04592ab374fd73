namespace Gateway.Tests.Support;

/// <summary>A clock that stands still until a test moves it. Timers fire on the thread that calls <see cref="Advance"/>, in the order of their due times.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly List<(int AtLeast, TaskCompletionSource Reached)> _waiters = [];
    private long _elapsed;
    private DateTimeOffset _wallStart;
    private long _order;

    public FakeTime(DateTimeOffset? start = null) => _wallStart = start ?? new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timers that are armed now.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _elapsed);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _wallStart + TimeSpan.FromTicks(_elapsed);
        }
    }

    /// <summary>Moves the wall clock alone, as an NTP step does; timers and timestamps do not notice.</summary>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_lock)
        {
            _wallStart += by;
        }
    }

    /// <summary>Lets time pass: every timer that comes due fires at its own moment.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = GetTimestamp() + by.Ticks;
        while (TakeDue(end) is { } due)
        {
            due.Fire();
        }

        lock (_lock)
        {
            _elapsed = Math.Max(_elapsed, end);
        }
    }

    /// <summary>Completes once at least this many timers are armed: what a test waits for before it lets time pass.</summary>
    public Task WhenTimersAsync(int atLeast)
    {
        lock (_lock)
        {
            if (_timers.Count >= atLeast)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((atLeast, reached));
            return reached.Task;
        }
    }

    /// <summary>What the system's timers do not take, these do not either.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private FakeTimer? TakeDue(long end)
    {
        lock (_lock)
        {
            FakeTimer? first = null;
            foreach (var timer in _timers)
            {
                if (timer.Due <= end && (first is null || (timer.Due, timer.Order).CompareTo((first.Due, first.Order)) < 0))
                {
                    first = timer;
                }
            }

            if (first is null)
            {
                return null;
            }

            _elapsed = Math.Max(_elapsed, first.Due);
            if (first.Period > TimeSpan.Zero)
            {
                first.Due += first.Period.Ticks;
                first.Order = ++_order;
            }
            else
            {
                _timers.Remove(first);
            }

            return first;
        }
    }

    private void Arm(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dueTime, s_longest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(period, s_longest);
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.Due = _elapsed + dueTime.Ticks;
            timer.Period = period;
            timer.Order = ++_order;
            _timers.Add(timer);
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_timers.Count >= _waiters[i].AtLeast)
                {
                    _waiters[i].Reached.SetResult();
                    _waiters.RemoveAt(i);
                }
            }
        }
    }

    private void Disarm(FakeTimer timer)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _disposed;

        public long Due { get; set; }

        public TimeSpan Period { get; set; }

        public long Order { get; set; }

        public void Fire()
        {
            if (!_disposed)
            {
                callback(state);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            time.Arm(this, dueTime, period);
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            time.Disarm(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
