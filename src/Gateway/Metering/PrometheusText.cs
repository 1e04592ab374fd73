using System.Globalization;
using System.Text;

namespace Gateway.Metering;

/// <summary>Prometheus' text exposition format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IReadOnlyList<MetricFamily> families)
    {
        var text = new StringBuilder(16 << 10);
        foreach (var family in families)
        {
            // What nobody measures now has no figure; a counter stays.
            var series = family.Series.Where(s => !family.IsObserved || s.Count > 0).ToList();
            if (series.Count == 0)
            {
                continue;
            }

            text.Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(Word(family.Kind)).Append('\n');
            foreach (var one in series)
            {
                if (family.Kind == MetricKind.Histogram)
                {
                    Append(text, family, one);
                }
                else
                {
                    Append(text, family.Name, one.Labels, one.Value);
                }
            }
        }

        return text.ToString();
    }

    public static string Word(MetricKind kind) => kind switch { MetricKind.Counter => "counter", MetricKind.Histogram => "histogram", _ => "gauge" };

    private static void Append(StringBuilder text, MetricFamily family, MetricSeries series)
    {
        var separator = series.Labels.Length == 0 ? "" : ",";
        var below = 0L;
        for (var i = 0; i < family.Bounds.Length; i++)
        {
            below += series.Bucket(i);
            Append(text, family.Name + "_bucket", $"{series.Labels}{separator}le=\"{family.Bounds[i].ToString(CultureInfo.InvariantCulture)}\"", below);
        }

        Append(text, family.Name + "_bucket", $"{series.Labels}{separator}le=\"+Inf\"", series.Count);
        Append(text, family.Name + "_sum", series.Labels, series.Value);
        Append(text, family.Name + "_count", series.Labels, series.Count);
    }

    private static void Append(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
