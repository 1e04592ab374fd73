namespace Gateway.Core;

/// <summary>Decides which readings of one point become messages. Not thread-safe: a point belongs to one link.</summary>
/// <param name="options">What is worth a message.</param>
/// <param name="every">Poll interval: what the next reading would come too late for is reported now. Zero: not known.</param>
/// <param name="time">The clock.</param>
public sealed class ReportFilter(ReportOptions options, TimeSpan every, TimeProvider time)
{
    private PointValue _value;
    private Quality _quality;
    private long _reportedAt;
    private bool _reported;

    /// <summary>Whether to report this reading; if so, it is what the next one is compared with.</summary>
    public bool ShouldReport(in Reading reading)
    {
        var now = time.GetTimestamp();
        if (_reported && reading.Quality == _quality && !IsDue(now) && !IsWorthIt(reading))
        {
            return false;
        }

        (_value, _quality, _reportedAt, _reported) = (reading.Value, reading.Quality, now, true);
        return true;
    }

    /// <summary>at-least is a promise: a poll that comes a little early must not make it a whole interval late.</summary>
    private bool IsDue(long now)
    {
        var elapsed = time.GetElapsedTime(_reportedAt, now);
        return elapsed >= options.AtLeast || (every < options.AtLeast && elapsed + every > options.AtLeast);
    }

    private bool IsWorthIt(in Reading reading) => reading.Quality != Quality.Bad && options.When switch
    {
        // A bad quality is told on the transition and then at least every so often: a dead line must not flood the outbox.
        ReportWhen.Always => true,
        ReportWhen.Changed => options.Change.IsLeftBy(reading.Value, _value),
        _ => false,
    };
}
