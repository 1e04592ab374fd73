using System.Diagnostics.Metrics;
using System.Text;

namespace Gateway.Metering;

/// <summary>One metric with all its series.</summary>
internal sealed class MetricFamily
{
    /// <summary>More label sets would be a defect or an attack: they share one series, so that sums stay true.</summary>
    public const int MostSeries = 1_000;

    private static readonly KeyValuePair<string, object?>[] s_overflow = [new("overflow", "true")];

    /// <summary>Seconds, from a fast fdatasync to a stalled card.</summary>
    private static readonly double[] s_bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private MetricSeries[] _series = [];

    public MetricFamily(Instrument instrument)
    {
        Kind = KindOf(instrument);
        IsObserved = instrument.IsObservable;
        Name = MetricName.Of(instrument.Name, instrument.Unit, Kind);
        Help = instrument.Description ?? "";
    }

    /// <summary>In the text format, without a histogram's suffixes.</summary>
    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>Asked for at each scrape, instead of telling each change.</summary>
    public bool IsObserved { get; }

    /// <summary>Upper bounds of the buckets; empty unless a histogram.</summary>
    public ReadOnlySpan<double> Bounds => Kind == MetricKind.Histogram ? s_bounds : [];

    public IReadOnlyList<MetricSeries> Series => Volatile.Read(ref _series);

    public void Clear()
    {
        foreach (var series in _series)
        {
            series.Clear();
        }
    }

    /// <summary>The series with exactly these labels.</summary>
    public MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var series in Volatile.Read(ref _series))
        {
            if (series.Has(tags))
            {
                return series;
            }
        }

        lock (_lock)
        {
            foreach (var series in _series)
            {
                if (series.Has(tags))
                {
                    return series;
                }
            }

            if (_series.Length >= MostSeries)
            {
                tags = s_overflow;
                if (_series[^1].Has(tags))
                {
                    return _series[^1];
                }
            }

            var added = new MetricSeries(tags.ToArray(), Labels(tags), Bounds.Length);
            Volatile.Write(ref _series, [.. _series, added]);
            return added;
        }
    }

    private static MetricKind KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> or Counter<double> or ObservableCounter<long> or ObservableCounter<double> => MetricKind.Counter,
        Histogram<long> or Histogram<double> => MetricKind.Histogram,
        _ => MetricKind.Gauge,
    };

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (value is not null)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(MetricName.Sanitize(key)).Append("=\"").Append(MetricName.Escape(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "")).Append('"');
            }
        }

        return text.ToString();
    }
}

internal enum MetricKind : byte
{
    Counter,
    Gauge,
    Histogram,
}
