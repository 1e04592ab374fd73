using System.CommandLine;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway outbox</c>: what waits for upstream, for those who look after it.</summary>
internal static class OutboxCommand
{
    private const string Meaning = """
        Shows what waits for upstream, exports it, gives it up, verifies it.

        While the gateway runs these commands ask it through its control socket; otherwise they work on the data folder themselves, and hold
        its lock meanwhile. list, show, export and repair --check change nothing and do not disturb delivery.

        Whoever may open the control socket may list. show, export, drop and repair are for root, the gateway's own user, and the members of
        its group.

          edge-gateway outbox list
          edge-gateway outbox show cloud.telemetry --limit 5
          edge-gateway outbox export cloud.telemetry --to backlog.jsonl
          edge-gateway outbox drop old-cloud.telemetry
          edge-gateway outbox repair --check
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog) => new TaughtCommand("outbox", Meaning)
    {
        OutboxListCommand.Create(catalog),
        OutboxShowCommand.Create(catalog),
        OutboxExportCommand.Create(catalog),
        OutboxDropCommand.Create(catalog),
        OutboxRepairCommand.Create(catalog),
    };

    public static Argument<string> Stream() => new("STREAM") { Description = "A bridge and its lane, for example cloud.telemetry; edge-gateway outbox list names them." };
}
