namespace Gateway.Storage;

/// <summary>The clocks that the journal stamps its commits with. A Pi has no battery clock: the wall clock may jump by decades.</summary>
public interface IJournalClock
{
    /// <summary>Wall clock, UTC.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>Whether the wall clock can be believed now.</summary>
    bool IsTrusted { get; }

    /// <summary>The kernel's boot id.</summary>
    Guid BootId { get; }

    /// <summary>Time since boot, suspend included (CLOCK_BOOTTIME).</summary>
    TimeSpan SinceBoot { get; }
}
