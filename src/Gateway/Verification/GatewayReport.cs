using System.Text.Json;

namespace Gateway.Verification;

/// <summary>A range that will never arrive, as told on <c>…/gaps</c>.</summary>
internal readonly record struct ToldGap(string Stream, ulong Epoch, ulong From, ulong To, string Reason)
{
    /// <returns>null: it is none.</returns>
    public static ToldGap? Parse(ReadOnlyMemory<byte> payload)
    {
        if (Json.Open(payload) is not { } document)
        {
            return null;
        }

        using (document)
        {
            var gap = document.RootElement;
            return gap.Text("stream") is { } stream && MessageIdentity.IsName(stream) && gap.Epoch() is { } epoch
                && gap.Number("from") is { } from && gap.Number("to") is { } to && from >= 1 && from <= to
                ? new ToldGap(stream, epoch, from, to, gap.Text("reason") ?? "")
                : null;
        }
    }
}

/// <summary>The figures of a stream, as told on <c>…/streams/{stream}</c>.</summary>
/// <param name="Epoch">The epoch of the numbers.</param>
/// <param name="Oldest">Everything below is gone from the gateway.</param>
/// <param name="Next">What its next message gets.</param>
/// <param name="Acknowledged">How many upstream has taken.</param>
/// <param name="Dropped">How many lie in gaps.</param>
/// <param name="Previous">The epochs before this one of which something may be news, newest first.</param>
internal sealed record ToldLedger(ulong Epoch, ulong Oldest, ulong Next, ulong Acknowledged, ulong Dropped, IReadOnlyList<ToldLedger> Previous)
{
    /// <summary>64: a gateway tells of those that are not done and of four that are; nobody moves more often with a queue that is never emptied.</summary>
    private const int MostPrevious = 64;

    /// <returns>null: it is none.</returns>
    public static ToldLedger? Parse(ReadOnlyMemory<byte> payload)
    {
        if (Json.Open(payload) is not { } document)
        {
            return null;
        }

        using (document)
        {
            return Parse(document.RootElement, document.RootElement.Member("previous") is { ValueKind: JsonValueKind.Array } previous ? ParseAll(previous) : []);
        }
    }

    /// <summary>What is none is left out: that epoch is judged by what else is known of it.</summary>
    private static ToldLedger[] ParseAll(JsonElement previous) =>
        [.. previous.EnumerateArray().Take(MostPrevious).Where(static e => e.ValueKind == JsonValueKind.Object).Select(static e => Parse(e, [])).OfType<ToldLedger>()];

    private static ToldLedger? Parse(JsonElement ledger, IReadOnlyList<ToldLedger> previous) =>
        ledger.Epoch() is { } epoch && ledger.Number("oldest") is { } oldest && ledger.Number("next") is { } next && oldest >= 1 && oldest <= next
            ? new ToldLedger(epoch, oldest, next, ledger.Number("acked") ?? 0, ledger.Number("dropped") ?? 0, previous)
            : null;
}

/// <summary>Reads what anybody may have published: nothing here throws.</summary>
file static class Json
{
    public static JsonDocument? Open(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var document = JsonDocument.Parse(payload);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // Not ours; the audit counts it.
        }

        return null;
    }

    public static JsonElement? Member(this JsonElement json, string name) => json.TryGetProperty(name, out var member) ? member : null;

    public static string? Text(this JsonElement json, string name)
    {
        try
        {
            return json.Member(name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    public static ulong? Number(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } member && member.TryGetUInt64(out var number) && number <= MessageIdentity.HighestSeq ? number : null;

    public static ulong? Epoch(this JsonElement json) => json.Text("epoch") is { } text && MessageIdentity.TryEpoch(text, out var epoch) ? epoch : null;
}
