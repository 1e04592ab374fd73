using System.CommandLine;
using System.Text.Json;
using Gateway.Core;
using Gateway.OutboxControl;

namespace Gateway.Cli;

/// <summary><c>edge-gateway outbox list</c>.</summary>
internal static class OutboxListCommand
{
    private const string Meaning = """
        Lists every stream: what waits, how old it is, how far upstream has come.

        A stream is a bridge and a lane (alarm, command, telemetry). STATE is served (a bridge sends it), idle (its bridge is configured, the
        gateway does not run) or left (its bridge left the configuration: it is kept until edge-gateway outbox drop).

        OLDEST and NEXT are the numbers by which a backend proves that nothing is missing; ACKED went up, DROPPED are numbers that upstream was
        or will be told as gaps, by reason: size and age (limits of the outbox), downsampled (summaries stand for them), expired, superseded
        (a newer retained message), refused, poison, quarantine (could not be read), operator (outbox drop).

          edge-gateway outbox list
          edge-gateway outbox list --json | jq '.streams[] | select(.waiting > 0)'
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("list", Meaning) { config, json };
        command.SetAction((parsed, cancellation) =>
        {
            var session = new OutboxSession(parsed, config, catalog);
            return session.RunAsync(
                writes: false,
                async (outbox, stop) =>
                {
                    var listing = await outbox.ListAsync(stop).ConfigureAwait(false);
                    if (parsed.GetValue(json))
                    {
                        session.Output.WriteLine(JsonSerializer.Serialize(listing, OutboxJson.Readable.OutboxListing));
                    }
                    else
                    {
                        OutboxTable.Write(listing, session.Output);
                    }

                    return ExitCode.Done;
                },
                cancellation);
        });
        return command;
    }
}
