using System.Text;

namespace Gateway.Configuration;

/// <summary>Keys, kinds, defaults and reasons as an indented text.</summary>
public static class HelpText
{
    public static string Of(TableDescription table)
    {
        var text = new StringBuilder();
        Append(text, table, "");
        return text.ToString();
    }

    private static void Append(StringBuilder text, TableDescription table, string indent)
    {
        foreach (var key in table.Keys)
        {
            var fallback = key.IsRequired ? "required" : string.IsNullOrEmpty(key.Default) ? "" : $"default: {key.Default}";
            text.Append(indent).Append(key.Name).Append(": ").Append(key.Kind);
            text.Append(fallback.Length > 0 ? $" ({fallback})" : "").Append('\n');
            text.Append(indent).Append("    ").Append(key.Meaning).Append('\n');
            Append(text, key.Keys(), indent + "  ");
        }

        foreach (var alternative in table.Alternatives)
        {
            text.Append(indent).Append("with ").Append(alternative.Key ?? "a link of type").Append(' ').Append(alternative.Name).Append(":\n");
            Append(text, alternative.Table, indent + "  ");
        }
    }
}
