namespace Gateway.Core;

/// <summary>The windows of summaries, aligned to the epoch; each divides the next, so that what was summed up is summed up again without a seam.</summary>
public static class SummaryWindow
{
    private static readonly long[] s_lengths = [60_000, 600_000, 3_600_000, 86_400_000];

    /// <summary>The level of the longest: one day. Level 0 is one minute.</summary>
    public static int Longest => s_lengths.Length - 1;

    /// <summary>Milliseconds.</summary>
    public static long Length(int level) => s_lengths[level];

    /// <summary>The start of the window in which a time lies, in milliseconds since the epoch.</summary>
    public static long StartOf(long time, int level) => time - (((time % s_lengths[level]) + s_lengths[level]) % s_lengths[level]);

    /// <summary>The level to which something of this window is summed up: single readings (0 ms) to the shortest, a summary to the next one.</summary>
    public static int Above(long window)
    {
        var level = Array.FindIndex(s_lengths, l => l > window);
        return level < 0 ? Longest : level;
    }
}
