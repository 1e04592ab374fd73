using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli;

/// <summary>Tables and lines for a terminal, in colour unless NO_COLOR says otherwise (no-color.org).</summary>
internal static class Drawing
{
    public static readonly Style Head = new(decoration: Decoration.Bold);

    public static readonly Style Faint = new(decoration: Decoration.Dim);

    public static readonly Style Good = new(Color.Green);

    public static readonly Style Doubtful = new(Color.Olive);

    public static readonly Style Bad = new(Color.Maroon);

    /// <summary>Columns without lines between them; one whose head begins with a tab is aligned to the right.</summary>
    public static Table Table(params ReadOnlySpan<string> heads)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var head in heads)
        {
            var column = new TableColumn(new Text(head.TrimStart('\t'), Head)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(head.StartsWith('\t') ? column.RightAligned() : column);
        }

        return table;
    }

    /// <summary>One line, never markup: what devices say of themselves draws nothing.</summary>
    public static Text Line(string text, Style? style = null) => new(text, style) { Overflow = Overflow.Ellipsis };

    public static string Text(IRenderable picture, int width)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = Math.Max(width, 1);
        console.Write(picture);
        return text.ToString();
    }
}
