using System.CommandLine;
using System.Text.Json;
using Gateway.Core;
using Gateway.Values;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary><c>edge-gateway values</c>: what was read last.</summary>
internal static class ValuesCommand
{
    private const string Meaning = """
        Shows what the running gateway has read last of every point, or of one device: value, unit, quality with its reason, age.

        --follow goes on until Ctrl+C: a table that is kept up to date at a terminal, otherwise a line for each value that was read,
        at most 4 a second of a point, the newest each time. For every single reading subscribe to the telemetry topics.

          edge-gateway values
          edge-gateway values boiler-7 --follow
          edge-gateway values --follow --json | jq -c 'select(.quality == "bad")'

        The exit code is 0, also when qualities are bad; 1 when no gateway runs or there is no such device.
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var device = new Argument<string?>("DEVICE") { Description = "Its id; without it all devices.", Arity = ArgumentArity.ZeroOrOne };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on showing what is read." };
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs: one list, or with --follow one document a line." };
        var command = new TaughtCommand("values", Meaning) { device, follow, config, json };
        command.SetAction((parsed, cancellation) =>
        {
            var query = parsed.GetValue(device) is { } name ? $"?device={Uri.EscapeDataString(name)}" : "";
            var output = parsed.InvocationConfiguration.Output;
            var asJson = parsed.GetValue(json);
            return new DaemonSession(parsed, config, catalog).RunAsync(
                (client, stop) => parsed.GetValue(follow) ? FollowAsync(client, query, asJson, output, stop) : ShowAsync(client, query, asJson, output, stop), cancellation);
        });
        return command;
    }

    private static async Task<int> ShowAsync(ControlClient client, string query, bool asJson, TextWriter output, CancellationToken cancellation)
    {
        var lines = await client.AskAsync(HttpMethod.Get, ValuesRoute.Path + query, ValuesJson.Lines.IReadOnlyListPointLine, cancellation).ConfigureAwait(false);
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(lines, ValuesJson.Readable.IReadOnlyListPointLine));
        }
        else if (lines.Count == 0)
        {
            output.WriteLine("the configuration has no points yet: add devices to it, edge-gateway schema --text shows how");
        }
        else
        {
            foreach (var line in ValuesTable.Lines(lines))
            {
                output.WriteLine(line);
            }
        }

        return ExitCode.Done;
    }

    private static async Task<int> FollowAsync(ControlClient client, string query, bool asJson, TextWriter output, CancellationToken cancellation)
    {
        var changes = client.LinesAsync(HttpMethod.Get, ValuesFollowRoute.Path + query, ValuesJson.Lines.PointLine, cancellation);
        if (!asJson && LiveScreen.IsPossible(output))
        {
            await WatchAsync(changes, output, cancellation).ConfigureAwait(false);
            return ExitCode.Done;
        }

        using var lines = new LineOutput(output);
        await foreach (var line in changes.ConfigureAwait(false))
        {
            lines.Write([asJson ? JsonSerializer.Serialize(line, ValuesJson.Lines.PointLine) : ValueText.Line(line)]);
        }

        return ExitCode.Done;
    }

    private static async Task WatchAsync(IAsyncEnumerable<PointLine> changes, TextWriter output, CancellationToken cancellation)
    {
        await using var enumerator = changes.GetAsyncEnumerator(cancellation);

        // What is refused is said on the terminal as it is, not on a screen that goes at once.
        var more = await enumerator.MoveNextAsync().ConfigureAwait(false);
        var view = new ValuesView(TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var screen = new LiveScreen(output);
        var painting = screen.ShowAsync(view.Picture, LastValues.Pace, stop.Token);
        try
        {
            for (; more; more = await enumerator.MoveNextAsync().ConfigureAwait(false))
            {
                view.Take(enumerator.Current);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await painting.ConfigureAwait(false);
        }
    }
}
