using System.Text.RegularExpressions;

namespace Gateway.Configuration;

/// <summary>The text again, where the parser's events do not say enough.</summary>
internal static partial class SourceLines
{
    /// <summary><c>host:192.0.2.1</c> as it should be.</summary>
    public static string? Tight(string line) =>
        TightColon().Match(line) is { Success: true } match ? $"{match.Groups[1].Value}: {match.Groups[2].Value.Trim()}" : null;

    /// <summary>What stands there, up to where a value ends, short enough for a message.</summary>
    public static string Value(string text)
    {
        var end = text.Length == 0 ? -1 : text.AsSpan(1).IndexOfAny(",}]#\"");
        var value = (end < 0 ? text : text[..(end + 1)]).Trim();
        return value.Length <= 30 ? value : value[..30] + "…";
    }

    public static string Line(string[] lines, int line) => line >= 1 && line <= lines.Length ? lines[line - 1].TrimEnd('\r') : "";

    public static string Rest(string[] lines, int line, int column) => column <= Line(lines, line).Length ? Line(lines, line)[(column - 1)..] : "";

    [GeneratedRegex("""^\s*(?:- )?([a-z][a-z0-9-]*):([^\s:/][^:]*)$""")]
    private static partial Regex TightColon();
}
