namespace Gateway.Configuration;

/// <summary>A topic with variables, each a level of its own.</summary>
/// <param name="required">Variables without which two things would share a topic.</param>
/// <param name="allowed">Further variables that have a value here.</param>
public sealed class TemplateKind(IReadOnlyList<string> required, IReadOnlyList<string> allowed) : ScalarKind<string>
{
    public override string Name => "a topic template";

    public override string Example => "\"" + string.Join('/', required.Prepend("root").Distinct().Select(v => $"{{{v}}}")) + "\"";

    public override string Placeholder => Example.Trim('"');

    public override string Write(string value) => $"\"{value}\"";

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        if (TopicText.NameFault(text) is { } fault)
        {
            return fault;
        }

        var found = new List<string>();
        foreach (var level in text.Split('/'))
        {
            if (LevelFault(level, found) is { } wrong)
            {
                return wrong;
            }
        }

        var missing = required.FirstOrDefault(v => !found.Contains(v));
        return missing is null ? null
            : new($"{Shown.Of(text)} lacks {{{missing}}}: two of them would share a topic", $"write for example {Example}");
    }

    private Complaint? LevelFault(string level, List<string> found)
    {
        if (level.AsSpan().IndexOfAny('{', '}') < 0)
        {
            return null;
        }

        // A filter for all points of a device puts + in place of {point}, which must be a whole level.
        if (level.Length < 3 || level[0] != '{' || level[^1] != '}' || level.AsSpan(1, level.Length - 2).IndexOfAny('{', '}') >= 0)
        {
            return new($"{Shown.Of(level)} is not one variable", "write each {variable} as a level of its own, between two slashes");
        }

        var variable = level[1..^1];
        var known = required.Concat(allowed).ToList();
        if (!known.Contains(variable))
        {
            return new($"{level} has no value here", $"write one of {string.Join(' ', known.Select(v => $"{{{v}}}"))}");
        }

        found.Add(variable);
        return null;
    }
}
