namespace Gateway.Cli;

/// <summary>What was read last of everything that is watched, in its order.</summary>
internal sealed class WatchBook
{
    private readonly OrderedDictionary<string, WatchRow> _rows = new(StringComparer.Ordinal);

    public IReadOnlyList<WatchRow> Rows => [.. _rows.Values];

    /// <returns>What is new or has changed.</returns>
    public IReadOnlyList<WatchRow> Take(WatchRound round)
    {
        var changed = round.Rows.Where(r => !_rows.TryGetValue(r.Place, out var last) || last.Raw != r.Raw).ToList();
        foreach (var row in round.Rows)
        {
            _rows[row.Place] = row;
        }

        return changed;
    }
}
