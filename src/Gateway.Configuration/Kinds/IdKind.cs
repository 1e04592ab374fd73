using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>A name that becomes a topic level: lower case, digits and hyphens, at most 63 characters.</summary>
public sealed class IdKind : ScalarKind<string>
{
    public const int Longest = 63;

    /// <summary>Levels that mean something else in topics.</summary>
    public static readonly IReadOnlyList<string> Reserved = ["gateways", "all", "groups"];

    public override string Name => "an id (a-z, 0-9 and -, at most 63 characters)";

    public override string Example => "boiler-7";

    /// <summary>Empty: later checks leave it alone.</summary>
    public override string Placeholder => "";

    public override string Write(string value) => value;

    public override JsonObject Schema() => new()
    {
        ["type"] = "string",
        ["pattern"] = "^[a-z0-9][a-z0-9-]{0,62}$",
        ["not"] = new JsonObject { ["enum"] = new JsonArray([.. Reserved.Select(r => (JsonNode)r)]) },
    };

    public static bool IsValid(string text) => text.Length is > 0 and <= Longest && text[0] != '-' && text.All(IsAllowed);

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        if (Reserved.Contains(text))
        {
            return new($"{Shown.Of(text)} is reserved for topics of its own", $"write another id, for example {text}-1");
        }

        if (IsValid(text))
        {
            return null;
        }

        var proposal = new string([.. text.ToLowerInvariant().Select(c => IsAllowed(c) ? c : '-').SkipWhile(c => c == '-').Take(Longest)]).TrimEnd('-');
        return new($"{Shown.Of(text)} is not {Name}", $"write {(IsValid(proposal) && !Reserved.Contains(proposal) ? proposal : Example)}");
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
}
