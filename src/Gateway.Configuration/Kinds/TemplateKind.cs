namespace Gateway.Configuration;

/// <summary>A topic with variables, at most one in a level.</summary>
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
        var open = level.IndexOf('{');
        var close = level.IndexOf('}');
        if (open < 0 && close < 0)
        {
            return null;
        }

        if (open < 0 || close < open || level.LastIndexOf('{') != open || level.LastIndexOf('}') != close)
        {
            return new($"{Shown.Of(level)} is not one variable", "write at most one {variable} in a level, between two slashes");
        }

        var variable = level[(open + 1)..close];
        var known = required.Concat(allowed).ToList();
        if (!known.Contains(variable))
        {
            return new($"{{{variable}}} has no value here", $"write one of {string.Join(' ', known.Select(v => $"{{{v}}}"))}");
        }

        if (variable == "root" && level != "{root}")
        {
            return new($"{Shown.Of(level)}: {{root}} may be several levels", "write {root} as a level of its own");
        }

        found.Add(variable);
        return null;
    }
}
