using System.Text.Json.Nodes;

namespace Gateway.Cli;

/// <summary>Reads what is watched until it is told to stop, and shows it.</summary>
internal sealed class Watching(OpenLine line, IWatchSource source, TimeSpan pace, TextWriter output, TextWriter error)
{
    /// <summary>A changed value is faint again after some seconds, also when nothing is read.</summary>
    private static readonly TimeSpan s_repaint = TimeSpan.FromSeconds(1);

    /// <summary>A table that is kept up to date.</summary>
    public async Task PaintAsync(CancellationToken cancellation)
    {
        var view = new WatchView(line.Heading, source.Heads, TimeProvider.System);

        // What is refused from the beginning is said on the terminal as it is, not on a screen that one leaves.
        var round = await source.ReadAsync(cancellation).ConfigureAwait(false);
        Complain(round);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var screen = new LiveScreen(output);
        var painting = screen.ShowAsync(view.Picture, s_repaint, stop.Token);
        try
        {
            using var timer = new PeriodicTimer(pace);
            do
            {
                view.Take(round);
                screen.Repaint();
                await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
                round = await source.ReadAsync(cancellation).ConfigureAwait(false);
            }
            while (true);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await painting.ConfigureAwait(false);
        }
    }

    /// <summary>A line for everything at first, then for each change; a problem once, until it is another one or gone.</summary>
    public async Task WriteAsync(bool asJson, CancellationToken cancellation)
    {
        var book = new WatchBook();
        string? told = null;
        using var lines = new LineOutput(output);
        using var timer = new PeriodicTimer(pace);
        do
        {
            var round = await source.ReadAsync(cancellation).ConfigureAwait(false);
            var at = TimeProvider.System.GetUtcNow();
            lines.Write(book.Take(round).Select(row => asJson
                ? new JsonObject { ["ts"] = at.ToUnixTimeMilliseconds(), ["place"] = row.Place, ["hex"] = row.Raw, ["value"] = row.Value?.DeepClone() }.ToJsonString()
                : $"{at.ToLocalTime():HH:mm:ss.fff}  {row.Line}"));
            if (round.Problem != told)
            {
                told = round.Problem;
                error.WriteLine($"edge-gateway: {line.Heading}: {told ?? "it answers again"}");
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
    }

    private void Complain(WatchRound round)
    {
        if (round.Rows.Count == 0 && round.Problem is { } problem)
        {
            error.WriteLine($"edge-gateway: {line.Heading}: {problem}");
        }
    }
}
