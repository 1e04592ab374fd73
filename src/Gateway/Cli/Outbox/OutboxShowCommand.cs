using System.CommandLine;
using System.Text.Json;
using Gateway.Core;
using Gateway.OutboxControl;

namespace Gateway.Cli;

/// <summary><c>edge-gateway outbox show</c>.</summary>
internal static class OutboxShowCommand
{
    private const ulong DefaultLimit = 20;

    private const string Meaning = """
        Shows what waits in a stream, oldest first, without disturbing delivery.

        Two lines for each entry: its number, when it was appended (UTC), how old it is, the QoS at which it came, whether it is retained, when
        it expires, whether it is in flight, its size and its topic; then its payload, text if it is text, otherwise hexadecimal. Control
        characters are shown as escapes. Numbers that cannot be read are told in their place.

          edge-gateway outbox show cloud.telemetry
          edge-gateway outbox show cloud.telemetry --from 1200 --limit 3
          edge-gateway outbox show cloud.alarm --json --limit 1000 | jq -r .topic

        The lines of --json are those of edge-gateway outbox export --help, and {"damaged":{"from":5,"to":7}} for what cannot be read.
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var stream = OutboxCommand.Stream();
        var from = new Option<ulong>("--from") { Description = "The first number to show; without it the oldest that waits.", HelpName = "SEQ" };
        var limit = new Option<ulong>("--limit") { Description = "Entries at most.", HelpName = "N", DefaultValueFactory = _ => DefaultLimit };
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs: one document a line." };
        var command = new TaughtCommand("show", Meaning) { stream, from, limit, config, json };
        command.SetAction((parsed, cancellation) =>
        {
            var session = new OutboxSession(parsed, config, catalog);
            var query = new OutboxQuery(parsed.GetValue(stream)!, parsed.GetValue(from), parsed.GetValue(limit), Reports: false);
            return session.RunAsync(
                writes: false, (outbox, stop) => parsed.GetValue(json) ? WriteLinesAsync(outbox, query, session.Output, stop) : WriteTextAsync(outbox, query, session.Output, stop), cancellation);
        });
        return command;
    }

    private static async Task<int> WriteLinesAsync(IOutboxControl outbox, OutboxQuery query, TextWriter output, CancellationToken cancellation)
    {
        await foreach (var line in outbox.ReadAsync(query, cancellation).ConfigureAwait(false))
        {
            output.WriteLine(JsonSerializer.Serialize(line, OutboxJson.Lines.OutboxLine));
        }

        return ExitCode.Done;
    }

    private static async Task<int> WriteTextAsync(IOutboxControl outbox, OutboxQuery query, TextWriter output, CancellationToken cancellation)
    {
        var shown = 0UL;
        var next = query.From;
        await foreach (var line in outbox.ReadAsync(query, cancellation).ConfigureAwait(false))
        {
            EntryText.Write(line, output);
            shown++;
            next = (line.Damaged?.To ?? line.Seq ?? next) + 1;
        }

        if (shown == 0)
        {
            output.WriteLine(query.From > 0 ? $"nothing waits in {query.Stream} from {query.From} on" : $"nothing waits in {query.Stream}");
        }
        else if (shown == query.Limit)
        {
            output.WriteLine($"{shown} shown; go on with --from {next}");
        }

        return ExitCode.Done;
    }
}
