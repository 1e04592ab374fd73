namespace Gateway.Cli;

/// <summary>Shows on a terminal how far long work is; silent anywhere else.</summary>
/// <param name="what">What has been done with the bytes.</param>
/// <param name="error">Where people look.</param>
/// <param name="total">About how many there will be; 0: unknown.</param>
internal sealed class ByteProgress(string what, TextWriter error, long total)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private long _told = TimeProvider.System.GetTimestamp();

    /// <param name="bytes">So far.</param>
    public void Report(long bytes)
    {
        if (!Console.IsErrorRedirected && TimeProvider.System.GetElapsedTime(_told) >= s_interval)
        {
            _told = TimeProvider.System.GetTimestamp();
            error.Write($"\r{Words.Bytes(bytes)}{(total > 0 ? $" of {Words.Bytes(Math.Max(total, bytes))}" : "")} {what} ");
        }
    }
}
