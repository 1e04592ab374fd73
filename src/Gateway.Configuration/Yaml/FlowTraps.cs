namespace Gateway.Configuration;

/// <summary>Mistakes within { } and [ ].</summary>
internal static class FlowTraps
{
    public static Problem InFlow(SourcePosition open, SourcePosition gaveUp, string at, string[] lines)
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
            _ => new(gaveUp, $"\"{SourceLines.Value(at)}\" where a comma or {close} belongs", "add the comma, or put the whole value in quotes"),
        };
    }

    public static Problem NotClosed(SourcePosition open, string[] lines) => Comment(lines, open) is { } comment
        ? new(comment, "an unquoted # begins a comment, which hides the rest of the line", "put the value in quotes: \"#\"")
        : new(open, $"this {Bracket(open, lines)} is not closed", $"close it with {Closing(Bracket(open, lines))}");

    private static char Bracket(SourcePosition open, string[] lines) => SourceLines.Rest(lines, open.Line, open.Column) is ['[', ..] ? '[' : '{';

    private static char Closing(char bracket) => bracket == '[' ? ']' : '}';

    /// <summary>An unquoted # after a blank that hides a closing bracket or a comma.</summary>
    private static SourcePosition? Comment(string[] lines, SourcePosition open)
    {
        var quote = '\0';
        var line = SourceLines.Line(lines, open.Line);
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
    public static SourcePosition? Unclosed(SourcePosition gaveUp, string line)
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
}
