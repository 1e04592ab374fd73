namespace Gateway.Metering;

/// <summary>One instrument of one meter on its way to its family: the meter's own labels, which a meter per link has, come first. Measuring without further labels allocates nothing.</summary>
internal sealed class MetricSource(MetricFamily family, IEnumerable<KeyValuePair<string, object?>>? common)
{
    private readonly KeyValuePair<string, object?>[] _common = [.. common ?? []];
    private MetricSeries? _plain;

    /// <summary>Takes one measurement.</summary>
    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = tags.IsEmpty ? _plain ??= family.Find(_common)
            : _common.Length == 0 ? family.Find(tags)
            : family.Find([.. _common, .. tags]);
        series.Add(value, family.Bounds);
    }
}
