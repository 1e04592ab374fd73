using Gateway.Adapters.Heard;

namespace Gateway.Adapters.Ble;

/// <summary>Learns how often anything is heard at a place, and says what to do when nothing is any more: scans that stop without a word are the most common fault of Bluetooth gateways.</summary>
internal sealed class SilenceWatch
{
    /// <summary>2 min until the place's rhythm is known. 1 min at least, which an idle corridor is silent at times. 10 min at most: then a restart of the scan costs nothing.</summary>
    public static readonly RhythmLimits Limits = new(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));

    /// <summary>1 h: where everything has been tried, and perhaps nobody is there.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly TimeProvider _time;
    private readonly Rhythm _rhythm = new(Limits);
    private SilenceStep _last;
    private TimeSpan _pause;
    private long _since;
    private long? _heardAt;

    public SilenceWatch(TimeProvider time)
    {
        _time = time;
        _since = time.GetTimestamp();
        Due = _since + Ticks.Of(time, _rhythm.Silence);
    }

    /// <summary>Timestamp of the next step, unless something is heard.</summary>
    public long Due { get; private set; }

    /// <summary>People have been told that nothing is heard.</summary>
    public bool IsTold { get; private set; }

    /// <summary>How long nothing has been heard while it scanned.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(_since);

    /// <summary>The scan runs (again): silence counts from now on.</summary>
    public void Opened()
    {
        var now = _time.GetTimestamp();
        if (_last == SilenceStep.None)
        {
            _since = now;
        }

        _heardAt = null;
        Due = now + Ticks.Of(_time, _last == SilenceStep.None ? _rhythm.Silence : _pause);
    }

    /// <summary>There is a reason for the silence: it counts from now on.</summary>
    public void Excuse()
    {
        _since = _time.GetTimestamp();
        (_heardAt, Due) = (null, _since + Ticks.Of(_time, _rhythm.Silence));
    }

    /// <summary>Something was heard.</summary>
    /// <returns>What had been done last, if that has helped.</returns>
    public SilenceStep Heard()
    {
        var now = _time.GetTimestamp();
        if (_heardAt is { } before)
        {
            _rhythm.Heard(_time.GetElapsedTime(before, now));
        }

        var cure = _last;
        (_heardAt, _since, _last, IsTold) = (now, now, SilenceStep.None, false);
        Due = now + Ticks.Of(_time, _rhythm.Silence);
        return cure;
    }

    /// <summary>It is time for the next step.</summary>
    public SilenceStep Take()
    {
        var step = _last switch
        {
            SilenceStep.None => SilenceStep.RestartScan,
            SilenceStep.RestartScan => SilenceStep.PowerCycle,
            SilenceStep.PowerCycle when !IsTold => SilenceStep.Tell,
            _ => SilenceStep.RestartScan,
        };
        _pause = IsTold && step == SilenceStep.RestartScan ? TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks)) : IsTold ? _pause : _rhythm.Silence;
        _last = step;
        IsTold |= step == SilenceStep.Tell;
        Due = _time.GetTimestamp() + Ticks.Of(_time, _pause);
        return step;
    }
}
