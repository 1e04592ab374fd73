using System.Text;

namespace Gateway.Configuration;

/// <summary>A topic filter (MQTT 5.0 §4.7.1). <c>$</c> topics are never bridged, so none may begin with it.</summary>
public sealed class TopicFilterKind : ScalarKind<string>
{
    public override string Name => "a topic filter";

    public override string Example => "\"sensors/+/value\"";

    public override string Placeholder => "#";

    public override string Write(string value) => $"\"{value}\"";

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        if (TopicText.Fault(text) is { } fault)
        {
            return fault;
        }

        var levels = text.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i].Contains('#') && (levels[i] != "#" || i != levels.Length - 1))
            {
                return new($"{Shown.Of(text)}: # stands alone, as the last level", $"write \"{string.Join('/', levels[..i].Append("#"))}\"");
            }

            if (levels[i].Contains('+') && levels[i] != "+")
            {
                return new($"{Shown.Of(text)}: + stands for one whole level", $"write + alone instead of {Shown.Of(levels[i])}");
            }
        }

        return null;
    }
}

/// <summary>The beginning of topics.</summary>
public sealed class TopicPrefixKind : ScalarKind<string>
{
    public override string Name => "a topic prefix";

    public override string Example => "site-7/";

    public override string Placeholder => "";

    public override string Write(string value) => $"\"{value}\"";

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        return text.Length == 0 ? null : TopicText.Fault(text) ?? TopicText.Wildcard(text);
    }
}

/// <summary>What topics, filters, prefixes and templates have in common (MQTT 5.0 §4.7.3, §1.5.4).</summary>
public static class TopicText
{
    /// <summary>MQTT 5.0 §4.7.3: at most 65,535 bytes; half of it leaves room for prefixes of other hops.</summary>
    public const int LongestBytes = 32_767;

    public static Complaint? Fault(string text) => text switch
    {
        "" => new("an empty topic", "write at least one level"),
        _ when text[0] == '$' => new($"{Shown.Of(text)}: topics that begin with $ belong to the broker", "remove the $"),
        _ when text.Any(char.IsControl) => new($"{Shown.Of(text)} holds a line end or a control character", "write it in one line"),
        _ when text.EnumerateRunes().Any(r => r == Rune.ReplacementChar) => new($"{Shown.Of(text)} is not well-formed text", "write it again"),
        _ when Encoding.UTF8.GetByteCount(text) > LongestBytes => new("a topic of more than 32,767 bytes", "write a shorter one"),
        _ => null,
    };

    public static Complaint? Wildcard(string text) =>
        text.Contains('+') || text.Contains('#') ? new($"{Shown.Of(text)} holds a wildcard", "write it without + and #") : null;

    /// <summary>A topic that the gateway makes: no wildcards, no empty level at its beginning.</summary>
    public static Complaint? NameFault(string text) => Fault(text) ?? Wildcard(text)
        ?? (text[0] == '/' ? new($"{Shown.Of(text)} begins with /, which makes an empty first level", $"write {text.TrimStart('/')}")
            : text[^1] == '/' ? new($"{Shown.Of(text)} ends with /, which makes an empty last level", $"write {text.TrimEnd('/')}")
            : text.Contains("//", StringComparison.Ordinal) ? new($"{Shown.Of(text)} has an empty level", "write a name between the slashes")
            : null);
}
