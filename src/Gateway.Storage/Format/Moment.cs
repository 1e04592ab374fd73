namespace Gateway.Storage;

/// <summary>One moment on the clocks of one boot.</summary>
/// <param name="Wall">Milliseconds since the epoch, UTC.</param>
/// <param name="Boot">The kernel's boot id.</param>
/// <param name="SinceBoot">Milliseconds since boot, suspend included.</param>
/// <param name="Trusted">Whether the wall clock could be believed.</param>
internal readonly record struct Moment(long Wall, Guid Boot, long SinceBoot, bool Trusted)
{
    public static Moment Of(IJournalClock clock) =>
        new(clock.UtcNow.ToUnixTimeMilliseconds(), clock.BootId, (long)clock.SinceBoot.TotalMilliseconds, clock.IsTrusted);

    public Moment Plus(long milliseconds) => this with { Wall = Wall + milliseconds, SinceBoot = SinceBoot + milliseconds };

    /// <summary>Milliseconds from here until now that certainly went by. Within a boot, one clock is asked.</summary>
    public long AgeOn(IJournalClock clock) => Boot == clock.BootId ? Math.Max(0, (long)clock.SinceBoot.TotalMilliseconds - SinceBoot) : AgeAt(Of(clock));

    /// <summary>Milliseconds from here to <paramref name="now"/> that certainly went by.</summary>
    /// <remarks>Boot time within a boot. Across boots the wall clocks, if both were trusted; otherwise at least this boot has lasted since then. So a jump of years ages nothing.</remarks>
    public long AgeAt(Moment now)
    {
        if (Boot == now.Boot)
        {
            return Math.Max(0, now.SinceBoot - SinceBoot);
        }

        return Trusted && now.Trusted ? Math.Max(now.SinceBoot, now.Wall - Wall) : now.SinceBoot;
    }
}
