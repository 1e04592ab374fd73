namespace Gateway.Configuration;

/// <summary>Something in the configuration that stops the start, or deserves a word.</summary>
/// <param name="Position">Where.</param>
/// <param name="Wrong">What is wrong.</param>
/// <param name="Instead">What to write instead.</param>
/// <param name="IsWarning">true: told, but the gateway starts.</param>
public sealed record Problem(SourcePosition Position, string Wrong, string Instead, bool IsWarning = false)
{
    public override string ToString() => $"{Position}: {(IsWarning ? "warning: " : "")}{Wrong}; {Instead}";
}

/// <summary>All problems of one configuration, so that an installer sees them at once.</summary>
public sealed class ProblemList
{
    private readonly List<Problem> _problems = [];
    private readonly HashSet<Problem> _known = [];

    public bool HasErrors => _problems.Exists(p => !p.IsWarning);

    /// <summary>In the order of the files and lines.</summary>
    public IReadOnlyList<Problem> All => [.. _problems.OrderBy(p => p.Position.File, StringComparer.Ordinal).ThenBy(p => p.Position.Line).ThenBy(p => p.Position.Column)];

    /// <summary>For people, a line each.</summary>
    public void WriteTo(TextWriter output)
    {
        foreach (var problem in All)
        {
            output.WriteLine(problem);
        }
    }

    public void Error(SourcePosition position, string wrong, string instead) => Add(new(position, OneLine(wrong), OneLine(instead)));

    public void Warn(SourcePosition position, string wrong, string instead) => Add(new(position, OneLine(wrong), OneLine(instead), IsWarning: true));

    /// <summary>Once: what several entries share (a template) is read with each of them.</summary>
    private void Add(Problem problem)
    {
        if (_known.Add(problem))
        {
            _problems.Add(problem);
        }
    }

    /// <summary>Messages quote what was written; a terminal must not act on it.</summary>
    private static string OneLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
