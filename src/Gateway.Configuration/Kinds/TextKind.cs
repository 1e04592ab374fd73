using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>Text of one line.</summary>
public sealed class TextKind(string name, string example, int longest = TextKind.DefaultLongest) : ScalarKind<string>
{
    /// <summary>256 characters: nothing that people name is longer.</summary>
    public const int DefaultLongest = 256;

    public override string Name => name;

    public override string Example => example;

    public override string Placeholder => "";

    public override string Write(string value) => value;

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = longest };

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        return text.Length == 0 ? new("an empty text", $"write {example}, or remove the key")
            : text.Length > longest ? new($"{text.Length} characters", $"write at most {longest}")
            : text.Any(char.IsControl) ? new($"{Shown.Of(text)} holds a line end or a control character", "write it in one line")
            : null;
    }
}
