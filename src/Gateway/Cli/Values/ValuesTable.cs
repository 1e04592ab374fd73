using Gateway.Values;

namespace Gateway.Cli;

/// <summary>The points for people.</summary>
internal static class ValuesTable
{
    /// <param name="lines">The points.</param>
    /// <param name="since">How long ago each line was made; null: just now.</param>
    public static IEnumerable<string> Lines(IEnumerable<PointLine> lines, Func<PointLine, TimeSpan>? since = null)
    {
        var table = new TextTable("DEVICE", "POINT", "\tVALUE", "UNIT", "QUALITY", "\tAGE");
        foreach (var line in lines)
        {
            table.Add(line.Device, line.Point, ValueText.Value(line), ValueText.Unit(line), ValueText.Quality(line), ValueText.Age(line, since?.Invoke(line) ?? default));
        }

        return table.Lines();
    }
}
