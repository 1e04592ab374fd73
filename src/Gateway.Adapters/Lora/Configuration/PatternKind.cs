using Gateway.Configuration;

namespace Gateway.Adapters.Lora;

/// <summary>A regular expression that is matched in time linear to the text: without lookarounds and back references.</summary>
internal sealed class PatternKind : ScalarKind<string>
{
    public override string Name => "a regular expression";

    public override string Example => "\"^RX (?<payload>[0-9A-F]+)$\"";

    public override string Placeholder => "";

    public override string Write(string value) => $"\"{value}\"";

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        if (text.Length is 0 or > 500)
        {
            return new(text.Length == 0 ? "an empty pattern" : "a pattern of more than 500 characters", $"write {Example}");
        }

        try
        {
            PatternFramer.Compile(text);
            return null;
        }
        catch (ArgumentException e)
        {
            return new($"not a regular expression: {e.Message.TrimEnd('.')}", $"write for example {Example}");
        }
        catch (NotSupportedException)
        {
            return new("a pattern with lookarounds, back references or atomic groups", "write it without: lines of strangers are matched without backtracking");
        }
    }
}
