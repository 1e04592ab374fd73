using System.Text.RegularExpressions;

namespace Gateway.Configuration;

/// <summary>Turns what a YAML parser says into what a person can do. Where it gave up is often not where the mistake is; the text says more.</summary>
internal static partial class YamlTraps
{
    /// <summary>Why a value that was probably meant is not there.</summary>
    public static string? OfEmpty(string[] lines, SourcePosition position) =>
        Rest(lines, position.Line, position.Column).TrimStart().StartsWith('#') ? "put it in quotes: an unquoted # begins a comment" : null;

    /// <param name="gaveUp">Where the parser gave up.</param>
    /// <param name="message">What it said.</param>
    /// <param name="lines">The whole text.</param>
    /// <param name="open">The innermost { or [ that was open.</param>
    public static Problem Explain(SourcePosition gaveUp, string message, string[] lines, SourcePosition? open)
    {
        var line = Line(lines, gaveUp.Line);
        var at = Rest(lines, gaveUp.Line, gaveUp.Column);
        if (at.Length > 0 && "%@`*&!|>".Contains(at[0]) && !message.Contains("expected key", StringComparison.Ordinal))
        {
            return new(gaveUp, $"a value cannot begin with {at[0]}", $"put it in quotes: \"{Value(at)}\"");
        }

        if (line.Contains('\t'))
        {
            return new(gaveUp with { Column = line.IndexOf('\t') + 1 }, "a tab", "write spaces");
        }

        return open is { } start ? InFlow(start, gaveUp, at, lines)
            : Unclosed(gaveUp, line) is { } bracket ? NotClosed(bracket, lines)
            : message.Contains("uoted scalar", StringComparison.Ordinal) ? InQuotes(gaveUp, message)
            : message.Contains("multiline plain", StringComparison.Ordinal) ? LineBefore(gaveUp, lines)
            : message.Contains("invalid mapping", StringComparison.Ordinal) || message.Contains("apping values are not allowed", StringComparison.Ordinal)
                ? new(gaveUp, "a second colon in one line", "put the value in quotes if the colon belongs to it; otherwise begin a new line")
            : message.Contains("sequence entries are not allowed", StringComparison.Ordinal) ? new(gaveUp, "a list item behind a key", "begin it in a new line, indented")
            : InBlock(gaveUp, at, line);
    }

    private static Problem InFlow(SourcePosition open, SourcePosition gaveUp, string at, string[] lines)
    {
        if (gaveUp.Line != open.Line || at.Length == 0 || Comment(lines, open) is not null)
        {
            return NotClosed(open, lines);
        }

        var bracket = Bracket(open, lines);
        var close = Closing(bracket);

        return at[0] switch
        {
            '}' or ']' when at[0] != close => new(gaveUp, $"{at[0]} where {close} belongs", $"close the {bracket} first"),
            ':' => new(gaveUp, "a second colon in one value", "put the value in quotes if the colon belongs to it; otherwise separate the keys with a comma"),
            _ => new(gaveUp, $"\"{Value(at)}\" where a comma or {close} belongs", "add the comma, or put the whole value in quotes"),
        };
    }

    private static Problem NotClosed(SourcePosition open, string[] lines) => Comment(lines, open) is { } comment
        ? new(comment, "an unquoted # begins a comment, which hides the rest of the line", "put the value in quotes: \"#\"")
        : new(open, $"this {Bracket(open, lines)} is not closed", $"close it with {Closing(Bracket(open, lines))}");

    private static char Bracket(SourcePosition open, string[] lines) => Rest(lines, open.Line, open.Column) is ['[', ..] ? '[' : '{';

    private static char Closing(char bracket) => bracket == '[' ? ']' : '}';

    private static Problem InQuotes(SourcePosition gaveUp, string message) => message.Contains("escape", StringComparison.Ordinal) || message.Contains("hexadecimal", StringComparison.Ordinal)
        ? new(gaveUp, "a backslash in double quotes, with a letter that means nothing after it", "use single quotes, or write \\\\")
        : new(gaveUp, "this quote is not closed in its line", "close it with the same quote");

    /// <summary>Two lines were taken as one value: the first has no colon, or no space after it.</summary>
    private static Problem LineBefore(SourcePosition gaveUp, string[] lines)
    {
        var number = gaveUp.Line - 1;
        while (number > 1 && string.IsNullOrWhiteSpace(Line(lines, number)))
        {
            number--;
        }

        var line = Line(lines, number);
        var place = gaveUp with { Line = Math.Max(1, number), Column = line.Length - line.TrimStart().Length + 1 };
        return Tight(line) is { } tight ? new(place, "no space after the colon", $"write {tight}") : new(place, "a line without a colon", "write key: value");
    }

    private static Problem InBlock(SourcePosition gaveUp, string at, string line)
    {
        var indent = line.Length - line.TrimStart().Length + 1;
        if (Tight(line) is { } tight)
        {
            return new(gaveUp with { Column = indent }, "no space after the colon", $"write {tight}");
        }

        if (gaveUp.Column > indent && at.Length > 0)
        {
            return at is ['}' or ']', ..] ? new(gaveUp, $"{at[0]} without its beginning", "remove it, or put the value in quotes")
                : new(gaveUp, $"\"{Value(at)}\" behind the end of the value", "put the whole value in quotes");
        }

        return at.StartsWith("- ", StringComparison.Ordinal) ? new(gaveUp, "a list item where a key belongs", "indent it as deep as the items above, below its key")
            : at.Contains(": ", StringComparison.Ordinal) || at.EndsWith(':') ? new(gaveUp, "the indentation fits nothing above", "indent it exactly as its neighbours")
            : new(gaveUp, "this line is not understood", "write key: value, or - item");
    }

    /// <summary>An unquoted # after a blank that hides a closing bracket or a comma.</summary>
    private static SourcePosition? Comment(string[] lines, SourcePosition open)
    {
        var quote = '\0';
        var line = Line(lines, open.Line);
        for (var i = open.Column - 1; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'' && i > 0 && " ,:[{".Contains(line[i - 1]))
            {
                quote = c;
            }
            else if (c == '#' && i > 0 && line[i - 1] == ' ')
            {
                return line.AsSpan(i).ContainsAny("}],") ? open with { Column = i + 1 } : null;
            }
        }

        return null;
    }

    /// <summary>The last bracket behind the place that its line does not close; the parser looks ahead and may give up before it tells of one.</summary>
    private static SourcePosition? Unclosed(SourcePosition gaveUp, string line)
    {
        var open = new Stack<int>();
        var quote = '\0';
        for (var i = gaveUp.Column - 1; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0' || c is '"' or '\'')
            {
                quote = quote == '\0' ? c : c == quote ? '\0' : quote;
            }
            else if (c is '{' or '[')
            {
                open.Push(i);
            }
            else if ((c is '}' or ']' && !open.TryPop(out _)) || (c == '#' && i > 0 && line[i - 1] == ' '))
            {
                break;
            }
        }

        return open.TryPop(out var last) ? gaveUp with { Column = last + 1 } : null;
    }

    /// <summary><c>host:192.0.2.1</c> as it should be.</summary>
    private static string? Tight(string line) =>
        TightColon().Match(line) is { Success: true } match ? $"{match.Groups[1].Value}: {match.Groups[2].Value.Trim()}" : null;

    /// <summary>What stands there, up to where a value ends, short enough for a message.</summary>
    private static string Value(string text)
    {
        var end = text.Length == 0 ? -1 : text.AsSpan(1).IndexOfAny(",}]#\"");
        var value = (end < 0 ? text : text[..(end + 1)]).Trim();
        return value.Length <= 30 ? value : value[..30] + "…";
    }

    private static string Line(string[] lines, int line) => line >= 1 && line <= lines.Length ? lines[line - 1].TrimEnd('\r') : "";

    private static string Rest(string[] lines, int line, int column) => column <= Line(lines, line).Length ? Line(lines, line)[(column - 1)..] : "";

    [GeneratedRegex("""^\s*(?:- )?([a-z][a-z0-9-]*):([^\s:/][^:]*)$""")]
    private static partial Regex TightColon();
}
