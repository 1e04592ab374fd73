namespace Gateway.Adapters;

/// <summary>Time spans in the ticks of <see cref="TimeProvider.GetTimestamp"/>.</summary>
internal static class Ticks
{
    public static long Of(TimeProvider time, TimeSpan span) => (long)(span.Ticks * ((double)time.TimestampFrequency / TimeSpan.TicksPerSecond));
}
