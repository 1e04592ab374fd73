namespace Gateway.Adapters.Lora;

/// <summary>How much one sender has sent on a band within the last hour, and when it may send again.</summary>
/// <remarks>A window that slides, because a bucket that is filled while it is emptied would let twice as much through in the worst hour (EN 300 220-1 §5.4: within any hour).</remarks>
/// <param name="share">Of an hour; 1: no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class DutyCycleBudget(decimal share, TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Queue<(long At, TimeSpan Length)> _sent = new();
    private TimeSpan _total;

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
            _sent.Enqueue((time.GetTimestamp(), length));
            _total += length;
        }
    }

    private void Forget()
    {
        while (_sent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= Window)
        {
            _total -= oldest.Length;
            _sent.Dequeue();
        }
    }
}
