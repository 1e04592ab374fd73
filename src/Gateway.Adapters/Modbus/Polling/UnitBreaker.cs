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
    private long _failedAt;

    /// <summary>The unit is degraded: it is asked at probes only.</summary>
    public bool IsOpen => _failures >= threshold;

    /// <summary>Why it does not answer; null when it does.</summary>
    public string? Reason { get; private set; }

    /// <summary>Timestamp of the next probe, while it is open.</summary>
    public long ProbeAt { get; private set; }

    public bool MayAsk(long now) => !IsOpen || now >= ProbeAt;

    /// <summary>A command may be tried before the next probe: somebody waits for it. Not more often than the first probe: each that gets no answer costs the others a timeout.</summary>
    public bool MayWrite(long now) => MayAsk(now) || now - _failedAt >= first;

    /// <summary>The next question is allowed whenever it comes.</summary>
    public void AskNow() => ProbeAt = long.MinValue;

    public void Succeeded()
    {
        _failures = 0;
        _pause = 0;
        Reason = null;
    }

    /// <param name="now">Timestamp.</param>
    /// <param name="reason">Why, in the field's words.</param>
    /// <param name="atLeast">Shortest pause to the next probe, in timestamp ticks, for the sake of the others on the line.</param>
    public void Failed(long now, string reason, long atLeast = 0)
    {
        Reason = reason;
        _failedAt = now;
        _failures = Math.Min(_failures + 1, threshold);
        if (IsOpen)
        {
            _pause = Math.Min(_pause == 0 ? first : _pause * 2, longest);
            ProbeAt = now + Math.Max(_pause, atLeast);
        }
    }
}
