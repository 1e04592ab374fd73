using System.CommandLine;
using System.Text.Json;
using Gateway.Core;
using Gateway.OutboxControl;

namespace Gateway.Cli;

/// <summary><c>edge-gateway outbox repair</c>.</summary>
internal static class OutboxRepairCommand
{
    private const string Meaning = """
        Verifies every file of the journal and every message that waits, also those that nobody has read yet.

        What cannot be read is told upstream as a gap of reason quarantine; a copy of its file is put aside in the data folder's quarantine/;
        everything else of it stays and is sent. While the gateway runs, the gateway does it beside its work.

        With --check it only looks. It also lists what lies in quarantine/: copies that nothing reads, for whoever wants to find out what was
        lost. Remove them when nobody does.

        The exit code is 0 if nothing was wrong, 1 if something was damaged that had not been told before.

          edge-gateway outbox repair --check
          edge-gateway outbox repair --json | jq 'select(.result)'
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var check = new Option<bool>("--check") { Description = "Only look." };
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs: one document a line." };
        var command = new TaughtCommand("repair", Meaning) { check, config, json };
        command.SetAction((parsed, cancellation) =>
        {
            var session = new OutboxSession(parsed, config, catalog);
            return session.RunAsync(
                writes: !parsed.GetValue(check),
                async (outbox, stop) =>
                {
                    var text = new RepairText(session.Output);
                    var damaged = false;
                    await foreach (var line in outbox.RepairAsync(parsed.GetValue(check), stop).ConfigureAwait(false))
                    {
                        damaged |= line.Result?.Damaged ?? false;
                        if (parsed.GetValue(json))
                        {
                            session.Output.WriteLine(JsonSerializer.Serialize(line, OutboxJson.Lines.RepairLine));
                        }
                        else
                        {
                            text.Write(line);
                        }
                    }

                    return damaged ? ExitCode.Failed : ExitCode.Done;
                },
                cancellation);
        });
        return command;
    }
}
