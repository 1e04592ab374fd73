using System.Text.Json.Nodes;

namespace Gateway.Cli;

/// <summary>What stands at one place of a device at one moment.</summary>
/// <param name="Place">A register's address, or a point's id.</param>
/// <param name="Raw">Its registers in hexadecimal: what counts as a change.</param>
/// <param name="Cells">The columns of the table, beginning with the place.</param>
/// <param name="Line">The same in one line.</param>
/// <param name="Value">The same for programs.</param>
internal sealed record WatchRow(string Place, string Raw, IReadOnlyList<string> Cells, string Line, JsonNode? Value);

/// <summary>One round of reading.</summary>
/// <param name="Rows">What was read.</param>
/// <param name="Problem">Why not all of it; null: all was.</param>
internal sealed record WatchRound(IReadOnlyList<WatchRow> Rows, string? Problem);

/// <summary>Reads what is watched, again and again.</summary>
internal interface IWatchSource
{
    /// <summary>The columns; one that begins with a tab is aligned to the right.</summary>
    IReadOnlyList<string> Heads { get; }

    Task<WatchRound> ReadAsync(CancellationToken cancellation);
}
