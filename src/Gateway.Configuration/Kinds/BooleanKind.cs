using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary><c>true</c> or <c>false</c>, and nothing else: YAML 1.1's yes, on, y and their like mean different things to different readers.</summary>
public sealed class BooleanKind : ScalarKind<bool>
{
    public override string Name => "true or false";

    public override string Example => "true";

    public override bool Placeholder => false;

    public override string Write(bool value) => value ? "true" : "false";

    public override JsonObject Schema() => new() { ["type"] = "boolean" };

    protected override Complaint? Parse(string text, out bool value)
    {
        value = text == "true";
        return text switch
        {
            "true" or "false" => null,
            _ => text.ToLowerInvariant() switch
            {
                "yes" or "on" or "y" or "true" or "1" => new($"{Shown.Of(text)} is not true or false", "write true"),
                "no" or "off" or "n" or "false" or "0" => new($"{Shown.Of(text)} is not true or false", "write false"),
                _ => new($"{Shown.Of(text)} is not true or false", "write true or false"),
            },
        };
    }
}
