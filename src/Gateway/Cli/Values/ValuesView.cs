using Gateway.Values;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli;

/// <summary>The points on a terminal, kept up to date. One task tells it what changed, another has it painted.</summary>
internal sealed class ValuesView(TimeProvider time)
{
    /// <summary>Title, an empty line, heads, and the line that says that there is more.</summary>
    private const int Around = 4;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<(string Device, string Point), (PointLine Line, long At)> _points = [];

    public void Take(PointLine line)
    {
        lock (_lock)
        {
            var key = (line.Device, line.Point);
            if (line.Gone)
            {
                _points.Remove(key);
            }
            else
            {
                _points[key] = (line, time.GetTimestamp());
            }
        }
    }

    /// <param name="height">Lines that fit.</param>
    public IRenderable Picture(int height)
    {
        lock (_lock)
        {
            var shown = Math.Min(_points.Count, Math.Max(1, height - Around));
            var table = Drawing.Table("DEVICE", "POINT", "\tVALUE", "UNIT", "QUALITY", "\tAGE");
            foreach (var (line, at) in _points.Values.Take(shown))
            {
                table.AddRow(
                    Drawing.Line(line.Device), Drawing.Line(line.Point), Drawing.Line(ValueText.Value(line)), Drawing.Line(ValueText.Unit(line)),
                    Drawing.Line(ValueText.Quality(line), StyleOf(line)), Drawing.Line(ValueText.Age(line, time.GetElapsedTime(at)), Drawing.Faint));
            }

            return new Rows(
                Drawing.Line($"{Words.Count(_points.Count, "point")}, {time.GetLocalNow():HH:mm:ss}; Ctrl+C ends", Drawing.Faint),
                Spectre.Console.Text.Empty,
                table,
                shown == _points.Count ? Spectre.Console.Text.Empty : Drawing.Line($"… and {_points.Count - shown} more, in a taller window", Drawing.Faint));
        }
    }

    private static Style StyleOf(PointLine line) => line.Quality switch { "good" => Drawing.Good, "bad" => Drawing.Bad, "uncertain" => Drawing.Doubtful, _ => Drawing.Faint };
}
