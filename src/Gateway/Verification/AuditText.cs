using System.Globalization;

namespace Gateway.Verification;

/// <summary>The result of an audit for people: a table, a remark below each stream that needs one, and the verdict.</summary>
internal static class AuditText
{
    /// <summary>Ranges that are named; who wants more asks for JSON.</summary>
    private const int MostNamed = 8;

    /// <summary>Streams of which all is said; 1,024 of them would say nothing to anybody.</summary>
    private const int MostStreams = 100;

    private static readonly string[] s_heads = ["GATEWAY", "STREAM", "EPOCH", "FROM", "RECEIVED", "MISSING", "CONFLICTS", "DROPPED", "OPEN", "DUPLICATES", "OUT OF ORDER"];

    /// <summary>Gateway, stream and epoch; what follows is numbers.</summary>
    private const int Words = 3;

    public static void Write(AuditResult result, TextWriter output)
    {
        var audit = result.Audit;
        WriteTable([.. audit.Streams.Take(MostStreams)], output);
        if (audit.Streams.Count() is var count && count > MostStreams)
        {
            output.WriteLine($"and {count - MostStreams} more streams: --json has them all");
        }

        if (audit.NotFollowed > 0)
        {
            output.WriteLine($"{Number(audit.NotFollowed)} messages of more than {IdentityAudit.MostStreams} streams were not followed: name the gateways with --gateway");
        }

        if (audit.Malformed > 0)
        {
            output.WriteLine($"{Number(audit.Malformed)} identities, gaps or ledgers cannot be any and were left out");
        }

        if (result.BadLines > 0)
        {
            output.WriteLine($"{result.BadLines} lines are no messages and were left out");
        }

        if (result.Losses > 0)
        {
            output.WriteLine($"our own line was lost {Times(result.Losses)}: what a broker drops for an absent subscriber counts as missing, as it does for a backend");
        }

        if (result.Interruptions > 0)
        {
            output.WriteLine($"the broker had forgotten us {Times(result.Interruptions)}: what passed meanwhile is not judged");
        }

        output.WriteLine(Conclude(result));
    }

    public static string Conclude(AuditResult result)
    {
        var audit = result.Audit;
        return result.Verdict switch
        {
            AuditVerdict.Missing => $"MISSING: {Number(audit.Missing)} messages neither came nor were told",
            AuditVerdict.Conflict => $"CONFLICT: {Number(audit.Conflicts)} messages carry an identity that another had; {Number(audit.Missing)} are missing (is a cloned gateway running twice?)",
            AuditVerdict.Open => $"not complete: {Number(audit.Open)} messages are still in a gateway, or its ledger did not come; nothing is missing so far",
            AuditVerdict.TooMuch => "nobody can tell: more streams than are followed",
            AuditVerdict.Nothing => "nothing is proven: neither an identity (user property gw) nor a ledger came; look at --filter and at what this user may read",
            _ => $"nothing is missing{Policy(audit)}{(audit.Open > 0 ? $"; {Number(audit.Open)} messages are still on their way" : "")}",
        };
    }

    private static string Policy(IdentityAudit audit)
    {
        var lost = audit.Streams.Aggregate(0UL, static (sum, s) => Saturating.Add(sum, s.Value.Dropped - s.Value.DroppedBy.GetValueOrDefault(DropReasons.Superseded)));
        return lost > 0 ? $" that the gateway did not tell of; it dropped {Number(lost)} messages, as configured or damaged" : "";
    }

    private static void WriteTable(List<KeyValuePair<StreamKey, StreamAudit>> streams, TextWriter output)
    {
        if (streams.Count == 0)
        {
            return;
        }

        var rows = streams.Select(static s => Cells(s.Key, s.Value)).Prepend(s_heads).ToList();
        var widths = s_heads.Select((_, i) => rows.Max(r => r[i].Length)).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            output.WriteLine(string.Join("  ", rows[i].Select((c, at) => at < Words ? c.PadRight(widths[at]) : c.PadLeft(widths[at]))).TrimEnd());
            if (i > 0)
            {
                foreach (var remark in Remarks(streams[i - 1].Key, streams[i - 1].Value))
                {
                    output.WriteLine($"  → {remark}");
                }
            }
        }
    }

    private static string[] Cells(StreamKey key, StreamAudit stream) =>
    [
        key.Gateway, key.Stream, Hex(key.Epoch), stream.Begin is { } begin ? Plain(begin) : "-", Number(stream.Received), Number(stream.Missing), Number(stream.Conflicts),
        Number(stream.Dropped), stream.Ledger is null ? "?" : Number(stream.Open), Number(stream.Duplicates), Number(stream.OutOfOrder),
    ];

    private static IEnumerable<string> Remarks(StreamKey key, StreamAudit stream)
    {
        if (stream.Missing > 0)
        {
            yield return $"missing {Ranges(stream)}";
        }

        if (stream.Dropped > 0)
        {
            yield return $"dropped by the gateway: {string.Join(", ", stream.DroppedBy.Select(static d => $"{d.Key} {Number(d.Value)}"))}";
        }

        if (key.IsOrigin)
        {
            yield return "counted by this gateway, forwarded by another";
        }

        if (stream.Predecessor is { } before)
        {
            yield return $"came after epoch {Hex(before)}";
        }

        if (stream.Ledger is null)
        {
            yield return "no ledger came (every minute): whether the newest ones are here is not known";
        }
        else if (!stream.HasLiveLedger && !key.IsOrigin && !stream.IsReplaced)
        {
            yield return "its last ledger is from before we came: whether the newest ones are here is not known";
        }

        if (stream.Begin is null)
        {
            yield return "nothing came that tells where we joined";
        }
        else if (stream.Begin > 1)
        {
            yield return $"judged from {Plain(stream.Begin.Value)} on, where we joined";
        }
    }

    private static string Ranges(StreamAudit stream)
    {
        var named = stream.MissingRanges.Take(MostNamed + 1).ToList();
        var ranges = string.Join(", ", named.Take(MostNamed).Select(static r => r.From == r.To ? Plain(r.From) : $"{Plain(r.From)}-{Plain(r.To)}"));
        return $"{ranges}{(named.Count > MostNamed ? ", …" : named.Count == 0 ? "(their numbers are too many to be kept)" : "")}";
    }

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Hex(ulong epoch) => epoch.ToString("x16", CultureInfo.InvariantCulture);

    private static string Number(ulong number) => Cli.Words.Number(number);

    /// <summary>Without separators: it can be searched for.</summary>
    private static string Plain(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
