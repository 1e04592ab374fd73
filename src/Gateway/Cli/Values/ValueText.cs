using System.Globalization;
using Gateway.Core;
using Gateway.Values;

namespace Gateway.Cli;

/// <summary>A point's last value for people. Units and errors come from the configuration and from devices: they cannot steer the terminal.</summary>
internal static class ValueText
{
    /// <summary>There is nothing to be shown.</summary>
    private const string None = "-";

    public static string Value(PointLine line) => line.Value.Kind == PointValueKind.None ? None
        : line.Label is null ? Words.Safe(line.Value.ToString())
        : Words.Safe($"{line.Value} {line.Label}");

    public static string Unit(PointLine line) => Words.Safe(line.Unit ?? "");

    /// <summary><c>good</c>, <c>bad: timeout</c>, <c>not read yet</c>.</summary>
    public static string Quality(PointLine line) =>
        $"{line.Quality ?? "not read yet"}{(string.IsNullOrEmpty(line.Error) ? "" : $": {Words.Safe(line.Error)}")}";

    /// <param name="line">The point.</param>
    /// <param name="since">How long ago the line was made.</param>
    public static string Age(PointLine line, TimeSpan since = default) => line.AgeMs is { } age ? Words.Age(age + (long)since.TotalMilliseconds) : None;

    /// <summary>A line of a plain stream: when it was read, in local time, and what.</summary>
    public static string Line(PointLine line)
    {
        var at = (line.ReadAt ?? TimeProvider.System.GetUtcNow()).ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return line.Gone
            ? $"{at}  {line.Device}/{line.Point}  has left the configuration"
            : $"{at}  {line.Device}/{line.Point}  {Value(line)}{(line.Unit is null || line.Value.Kind == PointValueKind.None ? "" : $" {Unit(line)}")}  {Quality(line)}";
    }
}
