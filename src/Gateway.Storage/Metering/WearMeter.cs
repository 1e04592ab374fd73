namespace Gateway.Storage;

/// <summary>How much is written, and how fast: over the last 24 hours, or since the start as long as that is less.</summary>
internal sealed class WearMeter
{
    private const int Hours = 24;

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Lock _lock = new();

    /// <summary>The totals as they were when each of the last hours began.</summary>
    private readonly (long Written, long Payload)[] _marks = new (long, long)[Hours + 1];

    private long _hour;
    private long _written;
    private long _payload;

    public WearMeter(TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
    }

    public WearFigures Figures
    {
        get
        {
            lock (_lock)
            {
                var elapsed = Roll();
                var first = Math.Max(0, _hour - Hours);
                var (written, payload) = _marks[first % _marks.Length];
                var (total, totalPayload) = (Interlocked.Read(ref _written), Interlocked.Read(ref _payload));
                return new WearFigures(elapsed, elapsed - TimeSpan.FromHours(first), total - written, totalPayload - payload, total, totalPayload);
            }
        }
    }

    /// <summary>Bytes of topic and payload. Often: it takes no lock, and may count for the hour before.</summary>
    public void Appended(long bytes) => Interlocked.Add(ref _payload, bytes);

    public void Wrote(long bytes)
    {
        lock (_lock)
        {
            Roll();
            Interlocked.Add(ref _written, bytes);
        }
    }

    /// <summary>Hours that began since the last call began with what was written by then.</summary>
    private TimeSpan Roll()
    {
        var elapsed = _time.GetElapsedTime(_started);
        var hour = (long)elapsed.TotalHours;
        for (var h = Math.Max(_hour + 1, hour - Hours); h <= hour; h++)
        {
            _marks[h % _marks.Length] = (Interlocked.Read(ref _written), Interlocked.Read(ref _payload));
        }

        _hour = hour;
        return elapsed;
    }
}

/// <summary>What the journal wrote to its files.</summary>
/// <param name="Uptime">Since the start.</param>
/// <param name="Window">What Written and Payload are of: the last 24 to 25 hours, or the time since the start.</param>
/// <param name="Written">Bytes written in the window.</param>
/// <param name="Payload">Bytes of topic and payload appended in the window.</param>
/// <param name="TotalWritten">Bytes written since the start.</param>
/// <param name="TotalPayload">Bytes of topic and payload appended since the start.</param>
public sealed record WearFigures(TimeSpan Uptime, TimeSpan Window, long Written, long Payload, long TotalWritten, long TotalPayload)
{
    /// <summary>One hour: what is written once at a start (segments ahead) weighs too much before.</summary>
    public static readonly TimeSpan LeastWindow = TimeSpan.FromHours(1);

    private const double DaysOfAYear = 365.25;

    /// <summary>Bytes written per byte of topic and payload; null: nothing was appended.</summary>
    public double? Ratio => Payload > 0 ? (double)Written / Payload : null;

    /// <summary>Bytes a day at the pace of the window; null: too short for a forecast.</summary>
    public double? Daily => Window >= LeastWindow ? Written / Window.TotalDays : null;

    /// <summary>Years until so many bytes are written at this pace; null: no forecast, or nothing is written.</summary>
    /// <param name="endurance">Bytes that the card can be written in its life.</param>
    public double? Years(long endurance) => Daily is > 0 and var daily ? endurance / daily / DaysOfAYear : null;
}
