using System.Text;
using Gateway.Configuration;
using Gateway.Storage;

namespace Gateway;

/// <summary>Values as one would write them in the configuration.</summary>
internal static class ConfigurationWords
{
    private static readonly Kind<TimeSpan> Durations = Kinds.Duration(TimeSpan.Zero, TimeSpan.MaxValue);

    private static readonly Kind<long> Sizes = Kinds.Size(0, long.MaxValue);

    public static string Duration(TimeSpan value) => Durations.Write(value);

    public static string Limits(StreamLimits limits) => $"{Sizes.Write(limits.Size)}, {Duration(limits.Age)}, when full {limits.WhenFull switch
    {
        WhenFull.DropOldest => "drop-oldest",
        WhenFull.DropNewest => "drop-newest",
        WhenFull.Downsample => "downsample",
        _ => "refuse",
    }}";
}

/// <summary>Rows of text below each other.</summary>
internal static class Columns
{
    public static void Append(StringBuilder text, IReadOnlyList<string[]> rows, string indent)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, c) => widths[c] == 0 ? "" : cell.PadRight(widths[c]) + "  ");
            text.Append((indent + string.Concat(cells)).TrimEnd()).Append('\n');
        }
    }
}
