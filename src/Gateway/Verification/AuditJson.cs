using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Verification;

/// <summary>The result of an audit for programs.</summary>
internal static class AuditJson
{
    /// <summary>So many ranges are listed for each stream; <c>missing</c> counts them all.</summary>
    private const int MostRanges = 1_000;

    public static JsonObject Of(AuditResult result) => new()
    {
        ["verdict"] = result.Verdict.ToString().ToLowerInvariant(),
        ["received"] = result.Audit.Received,
        ["missing"] = result.Audit.Missing,
        ["conflicts"] = result.Audit.Conflicts,
        ["duplicates"] = result.Audit.Duplicates,
        ["out-of-order"] = result.Audit.OutOfOrder,
        ["dropped"] = result.Audit.Dropped,
        ["open"] = result.Audit.Open,
        ["malformed"] = result.Audit.Malformed,
        ["not-followed"] = result.Audit.NotFollowed,
        ["bad-lines"] = result.BadLines,
        ["seconds"] = result.Duration is { } duration ? Math.Round(duration.TotalSeconds, 1) : null,
        ["line-losses"] = result.Losses,
        ["interruptions"] = result.Interruptions,
        ["streams"] = new JsonArray([.. result.Audit.Streams.Select(static s => (JsonNode)Of(s.Key, s.Value))]),
    };

    private static JsonObject Of(StreamKey key, StreamAudit stream) => new()
    {
        ["gateway"] = key.Gateway,
        ["stream"] = key.Stream,
        ["epoch"] = Hex(key.Epoch),
        ["previous-epoch"] = stream.Predecessor is { } before ? Hex(before) : null,
        ["next-epoch"] = stream.Successor is { } next ? Hex(next) : null,
        ["origin"] = key.IsOrigin,
        ["from"] = stream.Begin,
        ["mark"] = stream.Mark,
        ["received"] = stream.Received,
        ["missing"] = stream.Missing,
        ["missing-ranges"] = new JsonArray([.. stream.MissingRanges.Take(MostRanges).Select(static r => (JsonNode)new JsonArray(r.From, r.To))]),
        ["conflicts"] = stream.Conflicts,
        ["duplicates"] = stream.Duplicates,
        ["out-of-order"] = stream.OutOfOrder,
        ["dropped"] = new JsonObject(stream.DroppedBy.Select(static d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))),
        ["open"] = stream.Open,
        ["ledger"] = stream.Ledger is { } ledger
            ? new JsonObject { ["oldest"] = ledger.Oldest, ["next"] = ledger.Next, ["acked"] = ledger.Acknowledged, ["dropped"] = ledger.Dropped, ["live"] = stream.HasLiveLedger }
            : null,
    };

    private static string Hex(ulong epoch) => epoch.ToString("x16", CultureInfo.InvariantCulture);
}
