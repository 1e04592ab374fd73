using System.Text.Json.Nodes;
using Gateway.Diagnostics;
using Spectre.Console;

namespace Gateway.Cli;

/// <summary><c>status --watch</c>: asks again and again, whether somebody answers or not.</summary>
internal sealed class StatusWatch(StatusQuestion question, TextWriter output, bool asJson, TimeProvider time)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(2);

    private IReadOnlyList<string> _lines = [];

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var stop = new StopSignals(cancellation);
        try
        {
            await (!asJson && LiveScreen.IsPossible(output) ? PaintAsync(stop.Token) : WriteAsync(stop.Token)).ConfigureAwait(false);
        }
        catch (OutputClosedException)
        {
            // head has seen enough.
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // How watching ends.
        }

        return ExitCode.Done;
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        using var lines = new LineOutput(output);
        using var timer = new PeriodicTimer(s_pace, time);
        do
        {
            var (answer, report, problem) = await question.AskAsync(stop).ConfigureAwait(false);
            lines.Write(!asJson ? [.. Lines(report, problem), ""]
                : answer is null ? [new JsonObject { ["state"] = "unknown", ["summary"] = problem }.ToJsonString()]
                : [JsonNode.Parse(answer)!.ToJsonString()]);
        }
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
    }

    private async Task PaintAsync(CancellationToken stop)
    {
        var (_, report, problem) = await question.AskAsync(stop).ConfigureAwait(false);
        _lines = Lines(report, problem);
        using var screen = new LiveScreen(output);
        var painting = screen.ShowAsync(Picture, s_pace, stop);
        try
        {
            using var timer = new PeriodicTimer(s_pace, time);
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                (_, report, problem) = await question.AskAsync(stop).ConfigureAwait(false);
                Volatile.Write(ref _lines, Lines(report, problem));
                screen.Repaint();
            }
        }
        finally
        {
            await painting.ConfigureAwait(false);
        }
    }

    private List<string> Lines(StatusReport? report, string? problem)
    {
        using var text = new StringWriter { NewLine = "\n" };
        text.WriteLine($"{time.GetLocalNow():HH:mm:ss}");
        if (report is null)
        {
            text.WriteLine(problem);
        }
        else
        {
            StatusText.Write(report, text);
        }

        return [.. text.ToString().TrimEnd('\n').Split('\n')];
    }

    /// <summary>The lines as they are; remedies stand out.</summary>
    private Rows Picture(int height) =>
        new(Volatile.Read(ref _lines).Take(height).Select(static l => Drawing.Line(Words.Safe(l), l.TrimStart().StartsWith('→') ? Drawing.Doubtful : null)));
}
