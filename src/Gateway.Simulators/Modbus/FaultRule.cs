namespace Gateway.Simulators;

/// <summary>Requests that go wrong for as long as a simulation runs: to whom, when, how many of them, and how.</summary>
/// <param name="Faults">How, at least one. Of those that are chosen by chance each is as likely; of those that are counted each has its turn.</param>
public sealed record FaultRule(IReadOnlyList<Fault> Faults)
{
    /// <summary>Whose requests; null: everybody's.</summary>
    public byte? Unit { get; init; }

    /// <summary>From 0, none, to 1, all.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Each so-and-so-many-th of the requests that the rule is about; 1: all.</summary>
    public int EveryNth { get; init; } = 1;

    /// <summary>Since the plan was made.</summary>
    public TimeSpan From { get; init; }

    /// <summary>Since the plan was made; null: it does not end.</summary>
    public TimeSpan? Until { get; init; }

    /// <summary>The window comes again after so long; null: it comes once.</summary>
    public TimeSpan? Repeat { get; init; }

    internal bool IsAbout(byte unit, TimeSpan elapsed)
    {
        if (Unit is { } only && only != unit)
        {
            return false;
        }

        var within = Repeat is { } turn ? TimeSpan.FromTicks(elapsed.Ticks % turn.Ticks) : elapsed;
        return within >= From && (Until is not { } end || within < end);
    }
}
