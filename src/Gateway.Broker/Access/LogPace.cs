namespace Gateway.Broker;

/// <summary>How often strangers may make the log grow: a line each, but not more than so many a minute.</summary>
internal sealed class LogPace(TimeProvider time)
{
    private const int LinesPerMinute = 60;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long _since = time.GetTimestamp();
    private int _lines;

    public bool MayWrite()
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_since) >= s_minute)
            {
                _since = time.GetTimestamp();
                _lines = 0;
            }

            return ++_lines <= LinesPerMinute;
        }
    }
}
