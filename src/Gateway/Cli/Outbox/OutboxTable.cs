using System.Globalization;
using Gateway.OutboxControl;

namespace Gateway.Cli;

/// <summary>The streams for people: a table as wide as what stands in it.</summary>
internal static class OutboxTable
{
    private static readonly string[] s_heads = ["STREAM", "STATE", "WAITING", "BYTES", "AGE", "EPOCH", "OLDEST", "NEXT", "ACKED", "DROPPED"];

    /// <summary>The names, the epoch and the reasons are words.</summary>
    private static readonly bool[] s_isWord = [true, true, false, false, false, true, false, false, false, true];

    public static void Write(OutboxListing listing, TextWriter output)
    {
        if (listing.Streams.Count == 0)
        {
            output.WriteLine($"the outbox of {listing.Data} is empty: there is no stream yet");
            return;
        }

        output.WriteLine($"{listing.Gateway}, {(listing.Running ? "running" : "not running")}, data in {listing.Data}");
        var rows = listing.Streams.Select(Cells).Prepend(s_heads).ToList();
        var widths = s_heads.Select((_, i) => rows.Max(r => r[i].Length)).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            output.WriteLine(string.Join("  ", rows[i].Select((c, at) => s_isWord[at] ? c.PadRight(widths[at]) : c.PadLeft(widths[at]))).TrimEnd());
            if (i > 0)
            {
                Remark(listing.Streams[i - 1], output);
            }
        }
    }

    private static string[] Cells(StreamRow row) =>
    [
        row.Stream, row.State, Words.Number(row.Waiting), Words.Bytes(row.Bytes), row.OldestAge is { } age ? Words.Age(age) : "-",
        row.Epoch, row.Oldest.ToString(CultureInfo.InvariantCulture), row.Next.ToString(CultureInfo.InvariantCulture), Words.Number(row.Acked), Dropped(row),
    ];

    private static string Dropped(StreamRow row) => row.Dropped == 0 ? "0"
        : row.DroppedBy.Count == 0 ? Words.Number(row.Dropped)
        : $"{Words.Number(row.Dropped)} ({string.Join(", ", row.DroppedBy.Select(d => $"{d.Key} {Words.Number(d.Value)}"))})";

    private static void Remark(StreamRow row, TextWriter output)
    {
        if (row.Held is { } held)
        {
            output.WriteLine($"  → held back: {Words.Safe(held)}");
        }

        if (row.State == StreamRow.Left)
        {
            output.WriteLine($"  → its bridge left the configuration: edge-gateway outbox drop {row.Stream} removes it; the bridge configured again sends it");
        }
    }
}
