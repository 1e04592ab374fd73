using System.CommandLine;
using System.Text.Json;
using Gateway.Core;
using Gateway.OutboxControl;

namespace Gateway.Cli;

/// <summary><c>edge-gateway outbox drop</c>.</summary>
internal static class OutboxDropCommand
{
    private const string Meaning = """
        Gives up what waits in a stream. It never reaches upstream, and there is no way back: export it first.

        Of a bridge that is configured, everything that waits now goes, or everything up to and including --through. Upstream is told so as a
        gap of reason operator. What is in flight stays until upstream answers; it goes if upstream does not take it.

        A stream whose bridge left the configuration is removed with everything in it, and its place on the disk is free.

        Who may: root, the gateway's own user, and the members of its group. It asks before it drops; --yes answers. The gateway logs it, counts
        it (storage.dropped, reason operator) and raises the alert operator-drop.

          edge-gateway outbox drop cloud.telemetry --through 1200
          edge-gateway outbox drop old-cloud.telemetry --yes
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var stream = OutboxCommand.Stream();
        var through = new Option<ulong?>("--through") { Description = "The last number to drop; without it everything that waits.", HelpName = "SEQ" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("drop", Meaning) { stream, through, yes, config, json };
        command.SetAction((parsed, cancellation) =>
        {
            var session = new OutboxSession(parsed, config, catalog);
            if (!parsed.GetValue(yes) && Console.IsInputRedirected)
            {
                session.Error.WriteLine("edge-gateway: outbox drop asks before it drops, and there is no terminal to ask on; add --yes");
                return Task.FromResult(ExitCode.WrongUsage);
            }

            return session.RunAsync(
                writes: true,
                async (outbox, stop) =>
                {
                    var (name, last) = (parsed.GetValue(stream)!, parsed.GetValue(through));
                    if (!parsed.GetValue(yes) && !await ConfirmAsync(outbox, name, last, session, stop).ConfigureAwait(false))
                    {
                        session.Error.WriteLine("nothing was dropped");
                        return ExitCode.Failed;
                    }

                    var report = await outbox.DropAsync(name, last, Environment.UserName, stop).ConfigureAwait(false);
                    session.Output.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(report, OutboxJson.Readable.DropReport) : Describe(report));
                    return ExitCode.Done;
                },
                cancellation);
        });
        return command;
    }

    private static async Task<bool> ConfirmAsync(IOutboxControl outbox, string stream, ulong? through, OutboxSession session, CancellationToken cancellation)
    {
        var listing = await outbox.ListAsync(cancellation).ConfigureAwait(false);
        if (listing.Streams.FirstOrDefault(s => s.Stream == stream) is not { } row)
        {
            // The drop itself says which there are.
            return true;
        }

        var what = through is { } last ? $"Drop the messages of {stream} up to {last}"
            : row.State == StreamRow.Left ? $"Remove {stream} with {Words.Number(row.Waiting)} messages ({Words.Bytes(row.Bytes)})"
            : $"Drop {Words.Number(row.Waiting)} messages ({Words.Bytes(row.Bytes)}) of {stream}";
        session.Error.Write($"{what}? They never reach upstream. [y/N] ");
        return Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private static string Describe(DropReport report) => report.Removed
        ? $"{report.Stream} is removed, with {Words.Number(report.Dropped)} messages"
        : $"{Words.Number(report.Dropped)} messages of {report.Stream} are dropped{(report.InFlight == 0 ? "" : $"; {report.InFlight} in flight go unless upstream takes them")}";
}
