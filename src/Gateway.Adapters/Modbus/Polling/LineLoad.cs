namespace Gateway.Adapters.Modbus;

/// <summary>How full the line is: what its polls and writes take of it, beside what there is. The line's task tells it; others may look.</summary>
/// <remarks>
/// Each block's load is what its polls took lately, over its interval; so the sum tells how much too slow the line is, however many polls are left out.
/// Polls that were not sent (a unit that is only probed) took nothing. Those without an answer are busy time but no load: a timeout says nothing of how long an answer takes.
/// </remarks>
internal sealed class LineLoad(DeviceRun[] devices, ModbusMetrics metrics, TimeProvider time)
{
    /// <summary>1 s: what people see is not older.</summary>
    public static readonly TimeSpan ReviewEvery = TimeSpan.FromSeconds(1);

    /// <summary>10 s: a burst of writes or a unit that went silent is no overload.</summary>
    public static readonly TimeSpan OverloadedAfter = TimeSpan.FromSeconds(10);

    /// <summary>0.95: a line at its limit is not told to be too slow and fast enough in turns.</summary>
    public const double RelievedBelow = 0.95;

    /// <summary>A quarter: a few polls tell a change, and a unit that fell silent is soon seen to cost no more than its probes.</summary>
    private const double Weight = 0.25;

    /// <summary>0.97: room for what is not foreseen, so that polls of an overloaded line come in their slots.</summary>
    private const double Filling = 0.97;

    private readonly long _reviewEvery = Ticks.Of(time, ReviewEvery);
    private readonly long _overloadedAfter = Ticks.Of(time, OverloadedAfter);
    private long _reviewedAt = time.GetTimestamp();
    private long _writing;
    private double _writes;
    private long _fullSince;
    private long _missedBefore;
    private double _share;
    private volatile bool _isOverloaded;

    /// <summary>1 is a full line.</summary>
    public double Share => Volatile.Read(ref _share);

    /// <summary>More is wanted than the line can carry, for a while already, and polls are left out.</summary>
    public bool IsOverloaded => _isOverloaded;

    /// <summary>Intervals between two polls of a block: 1, unless the line is overloaded; then all are stretched alike, so that what is left fits.</summary>
    public double Stretch => _isOverloaded ? Math.Max(1, Share / Filling) : 1;

    /// <summary>A poll held the line for so long.</summary>
    public void Polled(PollBlock block, long ticks, bool answered)
    {
        Busy(ticks);
        if (answered)
        {
            Weigh(block, ticks);
        }
    }

    /// <summary>A poll was not sent, because what would come is known.</summary>
    public static void Unasked(PollBlock block) => Weigh(block, 0);

    /// <summary>A write, with its reading back, held the line for so long.</summary>
    public void Wrote(long ticks)
    {
        _writing += ticks;
        Busy(ticks);
    }

    /// <summary>Adds up, once a second.</summary>
    /// <returns>Whether <see cref="IsOverloaded"/> has changed.</returns>
    public bool Review(long now)
    {
        var passed = now - _reviewedAt;
        if (passed < _reviewEvery)
        {
            return false;
        }

        _reviewedAt = now;
        _writes += (((double)_writing / passed) - _writes) * Weight;
        _writing = 0;
        var share = _writes;
        foreach (var device in devices)
        {
            foreach (var block in device.Blocks)
            {
                share += (block.Cost ?? 0) / block.Every;
            }
        }

        Volatile.Write(ref _share, share);
        metrics.Load(share);
        return Judge(share, now);
    }

    private static void Weigh(PollBlock block, long ticks) => block.Cost = block.Cost is { } cost ? cost + ((ticks - cost) * Weight) : ticks;

    private void Busy(long ticks)
    {
        if (ticks > 0)
        {
            metrics.Busy(time.GetElapsedTime(0, ticks));
        }
    }

    private bool Judge(double share, long now)
    {
        if (_isOverloaded)
        {
            _isOverloaded = share > RelievedBelow;
            _fullSince = 0;
            return !_isOverloaded;
        }

        if (share <= 1)
        {
            _fullSince = 0;
        }
        else if (_fullSince == 0)
        {
            (_fullSince, _missedBefore) = (now, metrics.MissedPolls);
        }
        else
        {
            _isOverloaded = now - _fullSince >= _overloadedAfter && metrics.MissedPolls > _missedBefore;
        }

        return _isOverloaded;
    }
}
