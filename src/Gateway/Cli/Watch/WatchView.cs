using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli;

/// <summary>What is watched, on a terminal: what has changed lately stands out. One task tells it what was read, another has it painted.</summary>
internal sealed class WatchView(string heading, IReadOnlyList<string> heads, TimeProvider time)
{
    /// <summary>Long enough to be seen by who looks at the meter meanwhile.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(3);

    /// <summary>Title, problem, heads, and the line that says that there is more.</summary>
    private const int Around = 4;

    private static readonly Style s_changed = new(Color.Olive, decoration: Decoration.Bold);

    private readonly Lock _lock = new();
    private readonly WatchBook _book = new();
    private readonly Dictionary<string, long> _changedAt = new(StringComparer.Ordinal);
    private string? _problem;

    public void Take(WatchRound round)
    {
        lock (_lock)
        {
            var isFirst = _book.Rows.Count == 0;
            foreach (var row in _book.Take(round))
            {
                if (!isFirst)
                {
                    _changedAt[row.Place] = time.GetTimestamp();
                }
            }

            _problem = round.Problem;
        }
    }

    /// <param name="height">Lines that fit.</param>
    public IRenderable Picture(int height)
    {
        lock (_lock)
        {
            var shown = Math.Min(_book.Rows.Count, Math.Max(1, height - Around));
            var table = Drawing.Table([.. heads]);
            foreach (var row in _book.Rows.Take(shown))
            {
                var style = _changedAt.TryGetValue(row.Place, out var at) && time.GetElapsedTime(at) < s_fresh ? s_changed : null;
                table.AddRow([.. row.Cells.Select((c, i) => Drawing.Line(c, i == 0 ? null : style))]);
            }

            return new Rows(
                Drawing.Line($"{heading}, {time.GetLocalNow():HH:mm:ss}; Ctrl+C ends", Drawing.Faint),
                _problem is null ? Spectre.Console.Text.Empty : Drawing.Line(Words.Safe(_problem), Drawing.Bad),
                table,
                shown == _book.Rows.Count ? Spectre.Console.Text.Empty : Drawing.Line($"… and {_book.Rows.Count - shown} more, in a taller window", Drawing.Faint));
        }
    }
}
