using Gateway.Cli;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Demo;

/// <summary>The demo on a terminal.</summary>
internal sealed class DemoView : IDisposable
{
    /// <summary>The bar's full length, in entries: what the longest cut of the line piles up, and some more.</summary>
    private const int FullBar = 300;

    private const int BarLength = 40;

    private readonly IReadOnlyList<string> _introduction;
    private readonly CancellationTokenSource _stop = new();
    private readonly LiveScreen _screen;
    private readonly Task _painting;
    private DemoMoment? _moment;

    public DemoView(TextWriter output, IReadOnlyList<string> introduction)
    {
        _introduction = introduction;
        _screen = new LiveScreen(output);
        _painting = _screen.ShowAsync(_ => Picture(_introduction, Volatile.Read(ref _moment)), TimeSpan.FromSeconds(1), _stop.Token);
    }

    public void Show(DemoMoment moment)
    {
        Volatile.Write(ref _moment, moment);
        _screen.Repaint();
    }

    /// <summary>The terminal is as it was before.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _painting.ConfigureAwait(false);
        _screen.Dispose();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _screen.Dispose();
        _stop.Dispose();
    }

    internal static IRenderable Picture(IReadOnlyList<string> introduction, DemoMoment? moment)
    {
        List<IRenderable> lines = [.. introduction.Select(static s => Drawing.Line(s, Drawing.Faint)), Spectre.Console.Text.Empty];
        if (moment is null)
        {
            return new Rows(lines);
        }

        var counts = moment.Counts;
        var state = Drawing.Table("TIME", "LINE", "\tRECEIVED", "\tMISSING", "\tTWICE", "\tOUT OF ORDER", "\tWAITING", "");
        state.AddRow(
            Drawing.Line($"{moment.Elapsed:mm\\:ss}"),
            moment.IsUp ? Drawing.Line("up", Drawing.Good) : Drawing.Line("CUT", Drawing.Bad),
            Drawing.Line(Words.Number(counts.Received)), Verdict(counts.Missing), Verdict(counts.Duplicates), Verdict(counts.OutOfOrder),
            Drawing.Line(Words.Number(moment.Waiting)), Drawing.Line(Bar(moment.Waiting), moment.IsUp ? Drawing.Good : Drawing.Doubtful));
        lines.Add(state);
        lines.Add(Spectre.Console.Text.Empty);
        var values = Drawing.Table("IN THE CLOUD", "\tLAST VALUE");
        foreach (var (point, value) in moment.Values)
        {
            values.AddRow(Drawing.Line(point), Drawing.Line(value));
        }

        lines.Add(values);
        return new Rows(lines);
    }

    private static Spectre.Console.Text Verdict(ulong count) => Drawing.Line(Words.Number(count), count == 0 ? Drawing.Good : Drawing.Doubtful);

    private static string Bar(ulong waiting) => new('█', (int)Math.Min(waiting * BarLength / FullBar, BarLength));
}
