namespace Gateway.Adapters;

/// <summary>How long to wait before the next try: at once after a good time, then doubling with jitter.</summary>
/// <param name="random">Spreads gateways that lost the same device at the same moment.</param>
/// <param name="longest">Where doubling ends.</param>
internal sealed class Backoff(Random random, TimeSpan longest)
{
    /// <summary>250 ms: a device that restarts its network stack is back in about that.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    /// <summary>10 s: who plugs the cable in again need not wait longer to see it work.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private int _failures;

    /// <summary>The line has carried something: the next try comes at once.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Half to all of the doubled time, so that the mean grows and no two gateways keep step.</summary>
    public TimeSpan Next()
    {
        if (_failures++ == 0)
        {
            return TimeSpan.Zero;
        }

        var whole = Math.Min(First.Ticks << Math.Min(_failures - 2, 16), longest.Ticks);
        return TimeSpan.FromTicks((whole / 2) + random.NextInt64((whole / 2) + 1));
    }
}
