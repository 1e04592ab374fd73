namespace Gateway.Adapters.Lora;

/// <summary>How much one sender has sent on a band within the last hour, and when it may send again.</summary>
/// <remarks>A window that slides, because a bucket that is filled while it is emptied would let twice as much through in the worst hour (EN 300 220-1 §5.4: within any hour).</remarks>
/// <param name="share">Of an hour; 1: no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class DutyCycleBudget(decimal share, TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>10 s: an hour of acknowledgements is 361 packets then, and none blocks for longer than ten seconds over the hour.</summary>
    private static readonly TimeSpan s_slice = TimeSpan.FromSeconds(10);

    private readonly List<(long At, TimeSpan Length)> _sent = [];
    private TimeSpan _total;

    /// <summary>Of an hour; 1: no limit.</summary>
    public decimal Share => share;

    /// <summary>What may be sent within an hour.</summary>
    public TimeSpan Whole { get; } = TimeSpan.FromTicks((long)(Window.Ticks * share));

    /// <summary>What was sent within the last hour.</summary>
    public TimeSpan Used
    {
        get
        {
            Forget();
            return _total;
        }
    }

    /// <summary>How long until so much may be sent.</summary>
    /// <returns>Zero: now; null: never, it is more than a whole hour allows.</returns>
    public TimeSpan? WaitFor(TimeSpan length)
    {
        Forget();
        if (share >= 1)
        {
            return TimeSpan.Zero;
        }

        if (length > Whole)
        {
            return null;
        }

        var excess = _total + length - Whole;
        if (excess <= TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        foreach (var (at, sent) in _sent)
        {
            excess -= sent;
            if (excess <= TimeSpan.Zero)
            {
                return Window - time.GetElapsedTime(at);
            }
        }

        return Window;
    }

    /// <summary>So much is being sent now.</summary>
    public void Sent(TimeSpan length)
    {
        if (share < 1)
        {
            Add(time.GetTimestamp(), length);
        }
    }

    /// <summary>So much was sent at a moment of before; in any order.</summary>
    public void Add(long at, TimeSpan length)
    {
        _sent.Add((at, length));
        _total += length;
        for (var i = _sent.Count - 1; i > 0 && _sent[i - 1].At > at; i--)
        {
            (_sent[i - 1], _sent[i]) = (_sent[i], _sent[i - 1]);
        }
    }

    /// <summary>What <see cref="Sent"/> counted last was not sent.</summary>
    public void TakeBack()
    {
        if (share < 1)
        {
            _total -= _sent[^1].Length;
            _sent.RemoveAt(_sent.Count - 1);
        }
    }

    /// <summary>What was sent up to a moment was sent earlier than was known.</summary>
    public void Age(long upTo, TimeSpan by)
    {
        for (var i = 0; i < _sent.Count && _sent[i].At <= upTo; i++)
        {
            _sent[i] = (_sent[i].At - Ticks.Of(time, by), _sent[i].Length);
        }
    }

    /// <summary>What was sent within the last hour, the oldest first; what falls into the same ten seconds as one packet, as old as the youngest of them.</summary>
    public List<(long At, TimeSpan Length)> Recent()
    {
        Forget();
        var merged = new List<(long At, TimeSpan Length)>();
        foreach (var (at, length) in _sent)
        {
            if (merged.Count > 0 && Slice(merged[^1].At) == Slice(at))
            {
                merged[^1] = (at, merged[^1].Length + length);
            }
            else
            {
                merged.Add((at, length));
            }
        }

        return merged;
    }

    private long Slice(long at) => at / Ticks.Of(time, s_slice);

    private void Forget()
    {
        var old = 0;
        for (; old < _sent.Count && time.GetElapsedTime(_sent[old].At) >= Window; old++)
        {
            _total -= _sent[old].Length;
        }

        _sent.RemoveRange(0, old);
    }
}
