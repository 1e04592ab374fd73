using System.Globalization;

namespace Gateway.Verification;

/// <summary>The result of an audit for people.</summary>
internal static class AuditText
{
    /// <summary>Ranges that are named; who wants more asks for JSON.</summary>
    private const int MostNamed = 8;

    /// <summary>Streams of which all is said; 1,024 of them would say nothing to anybody.</summary>
    private const int MostStreams = 100;

    public static void Write(AuditResult result, TextWriter output)
    {
        var audit = result.Audit;
        foreach (var (key, stream) in audit.Streams.Take(MostStreams))
        {
            Write(key, stream, output);
        }

        if (audit.Streams.Count() is var count && count > MostStreams)
        {
            output.WriteLine($"and {count - MostStreams} more streams");
        }

        if (audit.NotFollowed > 0)
        {
            output.WriteLine($"{audit.NotFollowed} messages of more than {IdentityAudit.MostStreams} streams were not followed: name the gateways with --gateway");
        }

        if (audit.Malformed > 0)
        {
            output.WriteLine($"{audit.Malformed} identities, gaps or ledgers cannot be any and were left out");
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
            AuditVerdict.Missing => $"MISSING: {audit.Missing} messages neither came nor were told",
            AuditVerdict.Conflict => $"CONFLICT: {audit.Conflicts} messages carry an identity that another had; {audit.Missing} are missing (is a cloned gateway running twice?)",
            AuditVerdict.Open => $"not complete: {audit.Open} messages are still in a gateway, or its ledger did not come; nothing is missing so far",
            AuditVerdict.TooMuch => "nobody can tell: more streams than are followed",
            AuditVerdict.Nothing => "nothing is proven: neither an identity (user property gw) nor a ledger came; look at --filter and at what this user may read",
            _ => $"nothing is missing{(audit.Open > 0 ? $"; {audit.Open} messages are still on their way" : "")}",
        };
    }

    private static void Write(StreamKey key, StreamAudit stream, TextWriter output)
    {
        output.WriteLine($"{key.Gateway} {key.Stream}{(key.IsOrigin ? " (forwarded by another gateway)" : "")}, epoch {Hex(key.Epoch)}{Neighbours(stream)}: {Begun(stream)}");
        output.WriteLine(
            $"  received {stream.Received}, missing {stream.Missing}{Missing(stream)}, conflicts {stream.Conflicts}, duplicates {stream.Duplicates}, out of order {stream.OutOfOrder}");
        if (stream.Dropped > 0)
        {
            output.WriteLine($"  dropped by the gateway {Dropped(stream)}");
        }

        output.WriteLine(stream.Ledger is { } ledger
            ? $"  open {stream.Open}; ledger{(stream.HasLiveLedger || key.IsOrigin ? "" : " from before we came")}: oldest {ledger.Oldest}, next {ledger.Next}, dropped {ledger.Dropped}"
            : "  no ledger: whether the newest ones are here is not known");
    }

    private static string Begun(StreamAudit stream) => stream.Begin switch
    {
        null => "nothing came yet that tells where we joined",
        1 => "from its beginning",
        { } begin => $"from {begin} on, where we joined; what came before is not judged",
    };

    private static string Neighbours(StreamAudit stream) =>
        $"{(stream.Predecessor is { } before ? $" after {Hex(before)}" : "")}{(stream.Successor is { } next ? $", followed by {Hex(next)}" : "")}";

    private static string Missing(StreamAudit stream)
    {
        var named = stream.MissingRanges.Take(MostNamed + 1).ToList();
        if (named.Count == 0)
        {
            return "";
        }

        var ranges = string.Join(", ", named.Take(MostNamed).Select(static r => r.From == r.To ? Number(r.From) : $"{Number(r.From)}-{Number(r.To)}"));
        return $" ({ranges}{(named.Count > MostNamed ? ", …" : "")})";
    }

    private static string Dropped(StreamAudit stream)
    {
        var superseded = stream.DroppedBy.GetValueOrDefault(DropReasons.Superseded);
        var lost = string.Join(", ", stream.DroppedBy.Where(static d => d.Key != DropReasons.Superseded).Select(static d => $"{d.Key} {Number(d.Value)}"));
        return $"{Number(stream.Dropped - superseded)}{(lost.Length > 0 ? $" ({lost})" : "")}, superseded by a newer one of their topic {Number(superseded)}";
    }

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Hex(ulong epoch) => epoch.ToString("x16", CultureInfo.InvariantCulture);

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
