using System.CommandLine;
using System.Text.Json;
using Gateway.Core;
using Gateway.OutboxControl;

namespace Gateway.Cli;

/// <summary><c>edge-gateway outbox export</c>.</summary>
internal static class OutboxExportCommand
{
    private const string Meaning = """
        Writes what waits in a stream as JSON lines, complete, without disturbing delivery.

        One line for each entry, as upstream would see it:

          {"seq":7,"topic":"edge/boiler/telemetry/temperature","payload":"21.7","gw":"gw-1;cloud.telemetry;8f3a0c6d52e1b794;7","retain":false,
           "qos":1,"ts":1736430000123,"age":5000,"size":4,"expires":60,
           "properties":{"content-type":"text/plain","response-topic":"…","correlation64":"…","text":true,"user":[["gw-path","gw-1"]]}}

        payload is the payload if it is UTF-8 text, otherwise payload64 is, in base64. gw is the identity by which a backend counts (gateway,
        stream, epoch, number; the previous epoch on number 1). ts is when it was appended (ms since the epoch), age how long it has certainly
        waited (ms), expires what is left of its Message Expiry Interval (s).

        Gaps that upstream was not told yet, and at the end the ledger, are lines with the same documents on the same topics as the gateway
        publishes them, and without gw: {"topic":"edge/gateways/gw-1/gaps","payload":"{\"stream\":…,\"from\":5,\"to\":7,…}","retain":false}.
        A gap of what cannot be read has "damaged" beside it. So edge-gateway verify --lines reads an export together with what a backend noted.

        FILE is replaced at once when all is written, and only its owner may read it (0600). Without --to the lines go to standard output.

          edge-gateway outbox export cloud.telemetry --to backlog.jsonl
          edge-gateway outbox export old-cloud.alarm | jq -r 'select(.gw) | .payload'
        """;

    private static readonly TimeSpan s_progress = TimeSpan.FromSeconds(1);

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var stream = OutboxCommand.Stream();
        var to = new Option<string?>("--to") { Description = "The file to write.", HelpName = "FILE" };
        var config = ConfigOption.Create();
        var command = new TaughtCommand("export", Meaning) { stream, to, config };
        command.SetAction((parsed, cancellation) =>
        {
            var session = new OutboxSession(parsed, config, catalog);
            var query = new OutboxQuery(parsed.GetValue(stream)!, 0, ulong.MaxValue, Reports: true);
            return session.RunAsync(writes: false, (outbox, stop) => ExportAsync(outbox, query, parsed.GetValue(to), session, stop), cancellation);
        });
        return command;
    }

    private static async Task<int> ExportAsync(IOutboxControl outbox, OutboxQuery query, string? path, OutboxSession session, CancellationToken cancellation)
    {
        if (path is null)
        {
            await WriteAsync(outbox, query, session.Output, session.Error, cancellation).ConfigureAwait(false);
            return ExitCode.Done;
        }

        using var file = new AtomicFile(path);
        var entries = await WriteAsync(outbox, query, file.Writer, session.Error, cancellation).ConfigureAwait(false);
        file.Publish();
        session.Error.WriteLine($"{Words.Number(entries)} entries of {query.Stream} in {path}");
        return ExitCode.Done;
    }

    private static async Task<ulong> WriteAsync(IOutboxControl outbox, OutboxQuery query, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var entries = 0UL;
        var told = TimeProvider.System.GetTimestamp();
        await foreach (var line in outbox.ReadAsync(query, cancellation).ConfigureAwait(false))
        {
            output.WriteLine(JsonSerializer.Serialize(line, OutboxJson.Lines.OutboxLine));
            entries += line.Gw is null ? 0UL : 1;
            if (line.Damaged is { } damaged)
            {
                error.WriteLine($"{damaged.From} to {damaged.To} cannot be read: a gap stands in their place; edge-gateway outbox repair puts the file aside");
            }

            if (!Console.IsErrorRedirected && output != Console.Out && TimeProvider.System.GetElapsedTime(told) >= s_progress)
            {
                told = TimeProvider.System.GetTimestamp();
                error.Write($"\r{Words.Number(entries)} entries ");
            }
        }

        return entries;
    }
}
