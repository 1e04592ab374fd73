namespace Gateway.Configuration;

/// <summary>Mistakes of indentation and colons.</summary>
internal static class BlockTraps
{
    /// <summary>Two lines were taken as one value: the first has no colon, or no space after it.</summary>
    public static Problem LineBefore(SourcePosition gaveUp, string[] lines)
    {
        var number = gaveUp.Line - 1;
        while (number > 1 && string.IsNullOrWhiteSpace(SourceLines.Line(lines, number)))
        {
            number--;
        }

        var line = SourceLines.Line(lines, number);
        var place = gaveUp with { Line = Math.Max(1, number), Column = line.Length - line.TrimStart().Length + 1 };
        return SourceLines.Tight(line) is { } tight ? new(place, "no space after the colon", $"write {tight}") : new(place, "a line without a colon", "write key: value");
    }

    public static Problem SecondColon(SourcePosition gaveUp, string line, string[] lines)
    {
        var before = line[..Math.Min(gaveUp.Column - 1, line.Length)];
        if (before.Contains(": ", StringComparison.Ordinal))
        {
            return new(gaveUp, "a second colon in one line", "put the value in quotes if the colon belongs to it; otherwise begin a new line");
        }

        var above = SourceLines.Line(lines, gaveUp.Line - 1).TrimStart();
        return above is ['-', not ' ' and not '-', ..]
            ? new(gaveUp with { Line = gaveUp.Line - 1, Column = SourceLines.Line(lines, gaveUp.Line - 1).IndexOf('-') + 1 }, "no space after the dash", $"write - {SourceLines.Value(above[1..])}")
            : new(gaveUp with { Column = line.Length - line.TrimStart().Length + 1 }, "the indentation makes this line part of the value above", "indent it exactly as its neighbours");
    }

    public static Problem NotUnderstood(SourcePosition gaveUp, string at, string line)
    {
        var indent = line.Length - line.TrimStart().Length + 1;
        if (SourceLines.Tight(line) is { } tight)
        {
            return new(gaveUp with { Column = indent }, "no space after the colon", $"write {tight}");
        }

        if (gaveUp.Column > indent && at.Length > 0)
        {
            return at is ['}' or ']', ..] ? new(gaveUp, $"{at[0]} without its beginning", "remove it, or put the value in quotes")
                : new(gaveUp, $"\"{SourceLines.Value(at)}\" behind the end of the value", "put the whole value in quotes");
        }

        return at.StartsWith("- ", StringComparison.Ordinal) ? new(gaveUp, "a list item where a key belongs", "indent it as deep as the items above, below its key")
            : at.Contains(": ", StringComparison.Ordinal) || at.EndsWith(':') ? new(gaveUp, "the indentation fits nothing above", "indent it exactly as its neighbours")
            : new(gaveUp, "this line is not understood", "write key: value, or - item");
    }
}
