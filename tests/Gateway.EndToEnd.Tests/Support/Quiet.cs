namespace Gateway.EndToEnd.Tests.Support;

/// <summary>Waits for silence: where a test shows that nothing more happens, time is what it is about.</summary>
internal static class Quiet
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Returns when the figure has stayed the same for <paramref name="window"/>.</summary>
    public static async Task ForAsync(TimeSpan window, Func<int> figure)
    {
        using var end = new CancellationTokenSource(s_patience);
        using var pace = new PeriodicTimer(window);
        var last = figure();
        while (await pace.WaitForNextTickAsync(end.Token))
        {
            var now = figure();
            if (now == last)
            {
                return;
            }

            last = now;
        }
    }
}
