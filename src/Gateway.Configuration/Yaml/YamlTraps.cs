namespace Gateway.Configuration;

/// <summary>Turns what a YAML parser says into what a person can do. Where it gave up is often not where the mistake is; the text says more.</summary>
internal static class YamlTraps
{
    /// <summary>Why a value that was probably meant is not there.</summary>
    public static string? OfEmpty(string[] lines, SourcePosition position) =>
        SourceLines.Rest(lines, position.Line, position.Column).TrimStart().StartsWith('#') ? "put it in quotes: an unquoted # begins a comment" : null;

    /// <summary>Why a word stands where a map or a list belongs.</summary>
    public static string? OfWord(string text) => SourceLines.Tight(text) is { } tight ? $"write a space after the colon: {tight}" : null;

    /// <summary>What is wrong, where it is, and what to write instead.</summary>
    /// <param name="gaveUp">Where the parser gave up.</param>
    /// <param name="message">What it said.</param>
    /// <param name="lines">The whole text.</param>
    /// <param name="open">The innermost { or [ that was open.</param>
    /// <param name="isAtEnd">Whether it met the end of a line within brackets, and knows no better place.</param>
    public static Problem Explain(SourcePosition gaveUp, string message, string[] lines, SourcePosition? open, bool isAtEnd)
    {
        if (isAtEnd && open is { } unfinished)
        {
            return FlowTraps.NotClosed(unfinished, lines);
        }

        var line = SourceLines.Line(lines, gaveUp.Line);
        var at = SourceLines.Rest(lines, gaveUp.Line, gaveUp.Column);
        if (at.Length > 0 && "%@`*&!|>".Contains(at[0]) && !message.Contains("expected key", StringComparison.Ordinal))
        {
            return new(gaveUp, $"a value cannot begin with {at[0]}", $"put it in quotes: \"{SourceLines.Value(at)}\"");
        }

        if (line.Contains('\t'))
        {
            return new(gaveUp with { Column = line.IndexOf('\t') + 1 }, "a tab", "write spaces");
        }

        return open is { } start ? FlowTraps.InFlow(start, gaveUp, at, lines)
            : FlowTraps.Unclosed(gaveUp, line) is { } bracket ? FlowTraps.NotClosed(bracket, lines)
            : message.Contains("uoted scalar", StringComparison.Ordinal) ? InQuotes(gaveUp, message)
            : message.Contains("multiline plain", StringComparison.Ordinal) ? BlockTraps.LineBefore(gaveUp, lines)
            : message.Contains("invalid mapping", StringComparison.Ordinal) || message.Contains("apping values are not allowed", StringComparison.Ordinal)
                ? BlockTraps.SecondColon(gaveUp, line, lines)
            : message.Contains("sequence entries are not allowed", StringComparison.Ordinal) ? new(gaveUp, "a list item behind a key", "begin it in a new line, indented")
            : BlockTraps.NotUnderstood(gaveUp, at, line);
    }

    private static Problem InQuotes(SourcePosition gaveUp, string message) => message.Contains("escape", StringComparison.Ordinal) || message.Contains("hexadecimal", StringComparison.Ordinal)
        ? new(gaveUp, "a backslash in double quotes, with a letter that means nothing after it", "use single quotes, or write \\\\")
        : new(gaveUp, "this quote is not closed in its line", "close it with the same quote");
}
