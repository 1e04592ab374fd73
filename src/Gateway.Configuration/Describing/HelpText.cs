using System.Text;

namespace Gateway.Configuration;

/// <summary>Keys, kinds, defaults and reasons as an indented text.</summary>
public static class HelpText
{
    public static string Of(TableDescription table) => Of(table, "");

    private static string Of(TableDescription table, string indent)
    {
        var text = new StringBuilder();
        Append(text, table, indent);
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

        // Types that have the same keys are told together.
        foreach (var same in table.Alternatives.GroupBy(a => (a.Key, Text: Of(a.Table, indent + "  "))))
        {
            text.Append(indent).Append("with ").Append(same.Key.Key ?? "a link of type").Append(' ').AppendJoin(", ", same.Select(a => a.Name)).Append(":\n").Append(same.Key.Text);
        }
    }
}
