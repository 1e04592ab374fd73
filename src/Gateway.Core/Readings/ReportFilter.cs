namespace Gateway.Core;

/// <summary>Decides which readings of one point become messages. Not thread-safe: a point belongs to one link.</summary>
public sealed class ReportFilter(ReportOptions options, TimeProvider time)
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

    private bool IsDue(long now) => time.GetElapsedTime(_reportedAt, now) >= options.AtLeast;

    private bool IsWorthIt(in Reading reading)
    {
        // A bad quality is told on the transition and then at least every so often: a dead line must not flood the outbox.
        if (reading.Quality == Quality.Bad)
        {
            return false;
        }

        if (options.Change is not { } change)
        {
            return true;
        }

        if (reading.Value.Kind == PointValueKind.Exact && _value.Kind == PointValueKind.Exact)
        {
            return HasMoved(reading.Value.Exact, _value.Exact, change);
        }

        return reading.Value.TryGetNumber(out var value) && _value.TryGetNumber(out var last)
            ? Math.Abs(value - last) >= (double)change && value != last
            : reading.Value != _value;
    }

    private static bool HasMoved(decimal value, decimal last, decimal change) => value != last && Math.Abs(value - last) >= change;
}
