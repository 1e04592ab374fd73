namespace Gateway.Configuration;

/// <summary>The first levels of topics, without slashes at the ends.</summary>
public sealed class TopicNameKind : ScalarKind<string>
{
    public override string Name => "a topic";

    public override string Example => "acme/berlin";

    public override string Placeholder => "edge";

    public override string Write(string value) => value;

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        return TopicText.NameFault(text) ?? (text.Contains('{') ? new($"{Shown.Of(text)}: variables belong into the templates of topics", "write the name itself") : null);
    }
}
