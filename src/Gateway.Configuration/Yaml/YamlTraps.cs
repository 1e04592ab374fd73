using YamlDotNet.Core;

namespace Gateway.Configuration;

/// <summary>Turns what a YAML parser says into what a person can do.</summary>
internal static class YamlTraps
{
    /// <summary>Why a value that was probably meant is not there.</summary>
    public static string? OfEmpty(string[] lines, SourcePosition position)
    {
        var rest = Rest(lines, position.Line, position.Column).TrimStart();
        return rest.StartsWith('#') ? "an unquoted # begins a comment: put the value in quotes" : null;
    }

    /// <summary>Where the parser gave up is often not where the mistake is; the text says more than the exception.</summary>
    public static (SourcePosition Position, string Wrong, string Instead) Explain(YamlException e, string[] lines, string file)
    {
        var position = new SourcePosition(file, Math.Max(1, (int)e.Start.Line), Math.Max(1, (int)e.Start.Column));
        return (position, e.Message, "?");
    }

    private static string Rest(string[] lines, int line, int column) =>
        line <= lines.Length && column <= lines[line - 1].Length ? lines[line - 1][(column - 1)..].TrimEnd('\r') : "";
}
