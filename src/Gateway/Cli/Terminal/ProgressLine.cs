namespace Gateway.Cli;

/// <summary>One line at a terminal that says how far long work is, and is gone at its end. Elsewhere nothing is shown.</summary>
/// <param name="error">Where it is shown.</param>
/// <param name="all">All there is to do.</param>
internal sealed class ProgressLine(TextWriter error, int all) : IDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(200);

    private readonly bool _isShown = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private long _shownAt;
    private bool _isThere;

    public int All => all;

    /// <param name="done">How much is done.</param>
    /// <param name="text">What is said before the time that is left.</param>
    public void Show(int done, string text)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (!_isShown || (_isThere && TimeProvider.System.GetElapsedTime(_shownAt, now) < s_pace))
        {
            return;
        }

        (_shownAt, _isThere) = (now, true);
        var elapsed = TimeProvider.System.GetElapsedTime(_start, now);
        var left = done > 0 && elapsed.TotalSeconds > 2 ? $", {Words.Age((long)(elapsed.TotalMilliseconds / done * (all - done)))} left" : "";
        error.Write($"\r\e[K{text}{left}");
    }

    public void Dispose()
    {
        if (_isThere)
        {
            error.Write("\r\e[K");
            _isThere = false;
        }
    }
}
