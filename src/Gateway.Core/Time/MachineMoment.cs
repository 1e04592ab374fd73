namespace Gateway.Core;

/// <summary>One moment on the clocks of a machine, to be compared with moments of later starts.</summary>
/// <param name="Wall">Wall clock, UTC.</param>
/// <param name="IsTrusted">Whether the wall clock could be believed (<see cref="ClockTrust"/>).</param>
/// <param name="Boot">The kernel's boot id.</param>
/// <param name="SinceBoot">Time since boot, suspend included.</param>
public readonly record struct MachineMoment(DateTimeOffset Wall, bool IsTrusted, Guid Boot, TimeSpan SinceBoot)
{
    /// <summary>How much time certainly went by since then.</summary>
    /// <remarks>Boot time within a boot. Across boots the wall clocks, if both were trusted; at least this boot has lasted since. A wall clock that jumped or went back makes it less, never more.</remarks>
    public TimeSpan Since(in MachineMoment earlier)
    {
        if (Boot == earlier.Boot)
        {
            return SinceBoot > earlier.SinceBoot ? SinceBoot - earlier.SinceBoot : TimeSpan.Zero;
        }

        var wall = IsTrusted && earlier.IsTrusted ? Wall - earlier.Wall : TimeSpan.Zero;
        return wall > SinceBoot ? wall : SinceBoot;
    }
}
