namespace Gateway.Adapters.Modbus;

/// <summary>Keeps a unit that does not answer from holding the line: after some failures it is only probed, ever more rarely. Timestamps in, no clock.</summary>
/// <param name="threshold">Failures in a row that open it.</param>
/// <param name="first">Pause before the first probe, in timestamp ticks; it doubles.</param>
/// <param name="longest">Longest pause.</param>
internal sealed class UnitBreaker(int threshold, long first, long longest)
{
    /// <summary>1 s: a unit that only restarted is not missed for long.</summary>
    public static readonly TimeSpan FirstProbe = TimeSpan.FromSeconds(1);

    private int _failures;
    private long _pause;
    private long _probeAt;

    /// <summary>The unit is degraded: it is asked at probes only.</summary>
    public bool IsOpen => _failures >= threshold;

    /// <summary>Why it does not answer; null when it does.</summary>
    public string? Reason { get; private set; }

    public bool MayAsk(long now) => !IsOpen || now >= _probeAt;

    /// <summary>The next question is allowed whenever it comes.</summary>
    public void AskNow() => _probeAt = long.MinValue;

    public void Succeeded()
    {
        _failures = 0;
        _pause = 0;
        Reason = null;
    }

    public void Failed(long now, string reason)
    {
        Reason = reason;
        _failures = Math.Min(_failures + 1, threshold);
        if (IsOpen)
        {
            _pause = Math.Min(_pause == 0 ? first : _pause * 2, longest);
            _probeAt = now + _pause;
        }
    }
}
