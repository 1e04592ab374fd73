namespace Gateway.Core;

/// <summary>A topic with variables in braces, cut into pieces once.</summary>
public static class TopicTemplate
{
    /// <summary>Puts the values in. What is not among them stays as it is, so that it can be put in later.</summary>
    public static string Fill(string template, params ReadOnlySpan<(string Variable, string Value)> values)
    {
        foreach (var (variable, value) in values)
        {
            template = template.Replace($"{{{variable}}}", value, StringComparison.Ordinal);
        }

        return template;
    }
}
