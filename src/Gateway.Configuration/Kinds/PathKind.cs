namespace Gateway.Configuration;

/// <summary>A file or folder, relative to the file that names it.</summary>
public sealed class PathKind : ScalarKind<string>
{
    public override string Name => "a path";

    public override string Example => "/etc/edge-gateway/users";

    public override string Placeholder => "/";

    public override string Write(string value) => value;

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        return text.Length == 0 ? new("an empty path", $"write {Example}")
            : text.Contains('\0') ? new("a path with a zero byte", $"write {Example}")
            : text.StartsWith('~') ? new($"{Shown.Of(text)}: ~ means nothing to a daemon", "write the whole path, or one relative to this file")
            : null;
    }

    protected override Complaint? Parse(ScalarNode node, out string value)
    {
        if (Parse(node.Text, out value) is { } complaint)
        {
            return complaint;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(node.Position.File)) ?? "/";
        value = Path.GetFullPath(value, folder);
        return null;
    }
}
