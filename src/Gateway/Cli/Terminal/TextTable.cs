namespace Gateway.Cli;

/// <summary>A table as wide as what stands in it.</summary>
/// <param name="heads">The columns; one that begins with a tab is aligned to the right.</param>
internal sealed class TextTable(params IReadOnlyList<string> heads)
{
    private readonly List<string[]> _rows = [[.. heads.Select(static h => h.TrimStart('\t'))]];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>The heads, then a line for each row.</summary>
    public IEnumerable<string> Lines()
    {
        var widths = heads.Select((_, i) => _rows.Max(r => r[i].Length)).ToArray();
        return _rows.Select(r => string.Join("  ", r.Select((c, i) => heads[i].StartsWith('\t') ? c.PadLeft(widths[i]) : c.PadRight(widths[i]))).TrimEnd());
    }
}
