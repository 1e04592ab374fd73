using System.Text;

namespace Gateway.Metering;

/// <summary>Names and values as Prometheus' text format wants them (exposition format 0.0.4): base units in the name, <c>_total</c> behind counters.</summary>
internal static class MetricName
{
    private const string Prefix = "edge_gateway_";

    /// <param name="instrument">The instrument's name, <c>storage.sync.duration</c>.</param>
    /// <param name="unit">Its UCUM unit; annotations in braces add nothing to the name.</param>
    /// <param name="kind">What it is.</param>
    public static string Of(string instrument, string? unit, MetricKind kind)
    {
        // The runtime's own keep their name.
        var name = instrument.StartsWith("dotnet.", StringComparison.Ordinal) ? Sanitize(instrument) : Prefix + Sanitize(instrument);
        var suffix = unit switch { "By" => "bytes", "s" => "seconds", _ => null };
        if (suffix is not null && !name.Split('_').Contains(suffix))
        {
            name += "_" + suffix;
        }

        return kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public static string Sanitize(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return text.ToString();
    }

    /// <summary>A label's value: backslash, quote and line feed are escaped.</summary>
    public static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
