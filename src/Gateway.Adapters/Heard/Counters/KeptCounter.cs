namespace Gateway.Adapters.Heard;

/// <summary>The counters of one encrypted device: the highest that was heard of it, and what it may be sent next. See <see cref="CounterBook"/>.</summary>
internal sealed class KeptCounter : IMessageCounter
{
    /// <summary>64: counters that one write makes free to send.</summary>
    private const uint Stride = 64;

    /// <summary>3 messages within the time of a mark ahead: who says less is no device that counts all the time.</summary>
    private const int LeastMessages = 3;

    // The counter has 32 bits; what comes after the last of them is newer.
    private const uint WrapAbove = 0xFFFF_0000;
    private const uint WrapBelow = 0x0001_0000;

    private readonly CounterBook _book;
    private CounterRecord _record;
    private uint? _durable;
    private uint _bound;
    private uint? _next;
    private TimeSpan _aheadTime;
    private uint _ahead;
    private long _takenAt;
    private (long At, uint Counter, int Messages)? _window;

    public KeptCounter(CounterBook book, CounterRecord record)
    {
        (_book, _record) = (book, record);
        (_durable, _bound) = (record.Mark, record.Bound ?? 0);
    }

    /// <summary>What is written when it is written next.</summary>
    public CounterRecord Record => _record;

    /// <summary>A device of the configuration has it.</summary>
    public bool IsUsed { get; private set; }

    /// <inheritdoc/>
    public uint? Received => _record.Received;

    /// <inheritdoc/>
    public uint? Highest => _record.Mark;

    /// <inheritdoc/>
    public TimeSpan Quiet
    {
        get => TimeSpan.FromSeconds(_record.QuietSeconds);
        set => _record = _record with { QuietSeconds = (uint)Math.Min(Math.Ceiling(value.TotalSeconds), uint.MaxValue) };
    }

    /// <summary>Whether a counter is newer than another.</summary>
    public static bool IsNewer(uint counter, uint than) => counter > than || (than >= WrapAbove && counter < WrapBelow);

    /// <inheritdoc/>
    public bool Take(uint counter, bool startedAnew = false)
    {
        lock (_book.Lock)
        {
            if (_record.Received != counter)
            {
                Pace(counter, startedAnew);
            }

            var mark = startedAnew || _record.Mark is not { } known || IsNewer(counter, known) ? counter : known;
            _record = _record with { Received = counter, Mark = mark };
            if (_durable is { } durable && !IsNewer(counter, durable))
            {
                if (startedAnew)
                {
                    _book.Mark();
                }

                return true;
            }

            _book.Mark();
            return _book.TrySave();
        }
    }

    /// <summary>The counter of the next message to the device.</summary>
    /// <param name="counter">Never given before.</param>
    /// <returns>Why there is none: what must be written first cannot be, or all are used; null: there is.</returns>
    public string? TryNext(out uint counter)
    {
        lock (_book.Lock)
        {
            counter = 0;
            if (_next is not { } next)
            {
                // What was free to use before may have been used; what is an old copy, or unknown, by far more.
                next = _bound;
                if (_record.Bound is null || _record.MustJump)
                {
                    if (_book.Begin() is not { } begin)
                    {
                        return "nobody knows which counters were used before, and the clock, with which they begin anew, was never set";
                    }

                    next = Math.Max(next, begin);
                }
            }

            if (next == uint.MaxValue)
            {
                return "all counters of this key are used: give the device another key";
            }

            if (next >= _bound || _record.MustJump)
            {
                var before = _record;
                _record = before with { Bound = next > uint.MaxValue - Stride ? uint.MaxValue : next + Stride, MustJump = false };
                if (_book.Save() is { } problem)
                {
                    _record = before;
                    return problem;
                }
            }

            (counter, _next) = (next, next + 1);
            return null;
        }
    }

    /// <summary>It tells what happened (a button): each of its messages may be the only one, however many there are, and no mark gets ahead of them.</summary>
    public void TellsEvents()
    {
        lock (_book.Lock)
        {
            if (!_record.TellsEvents)
            {
                _record = _record with { TellsEvents = true };
                _ahead = 0;
                _book.Mark();
            }
        }
    }

    internal void Use(TimeSpan ahead) => (IsUsed, _aheadTime) = (true, ahead);

    /// <summary>About to be written: devices that count all the time get their marks ahead with every write, of whomever.</summary>
    internal void Lead()
    {
        if (_ahead > 0 && _record.Received is { } received && received <= uint.MaxValue - _ahead && (_record.Mark is not { } mark || IsNewer(received + _ahead, mark)))
        {
            _record = _record with { Mark = received + _ahead };
        }
    }

    /// <summary>It is on the disk.</summary>
    internal void Saved() => (_durable, _bound) = (_record.Mark, _record.Bound ?? 0);

    /// <summary>Who counts no longer all the time has no mark ahead.</summary>
    /// <returns>Whether that is to be written.</returns>
    internal bool ComeDown() => _aheadTime > TimeSpan.Zero && _record.Mark != _record.Received && _window is not null && _book.Time.GetElapsedTime(_takenAt) >= _aheadTime && Rest();

    /// <returns>Whether that is to be written.</returns>
    internal bool Rest()
    {
        if (_window is null || _record.Received is not { } received)
        {
            // Not heard in this run: what may have been heard before the power went is not known better now.
            return false;
        }

        (_ahead, _window) = (0, null);
        _record = _record with { Mark = received };
        return _durable != received;
    }

    private void Pace(uint counter, bool startedAnew)
    {
        var now = _takenAt = _book.Time.GetTimestamp();
        if (startedAnew || _window is not { } window || counter < window.Counter)
        {
            (_ahead, _window) = (0, (now, counter, 1));
            return;
        }

        window.Messages++;
        var lasted = _book.Time.GetElapsedTime(window.At, now);
        if (_aheadTime == TimeSpan.Zero || lasted < _aheadTime)
        {
            _window = window;
            return;
        }

        _ahead = !_record.TellsEvents && window.Messages >= LeastMessages && lasted < 2 * _aheadTime ? (uint)((counter - window.Counter) * (_aheadTime / lasted)) : 0;
        _window = (now, counter, 1);
    }
}
