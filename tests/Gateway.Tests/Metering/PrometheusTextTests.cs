using System.Diagnostics.Metrics;
using Gateway.Metering;

namespace Gateway.Tests.Metering;

public sealed class PrometheusTextTests : IDisposable
{
    // Other tests run at the same time and have the product's own meters.
    private readonly Meter _meter = new($"EdgeGateway.Test.{Guid.NewGuid():N}");
    private readonly string _name = $"test{Guid.NewGuid():N}";
    private readonly MetricsListener _listener = new();

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    [Theory]
    [InlineData("storage.device.bytes", "By", "counter", "edge_gateway_storage_device_bytes_total")]
    [InlineData("broker.retained.size", "By", "gauge", "edge_gateway_broker_retained_size_bytes")]
    [InlineData("storage.sync.duration", "s", "histogram", "edge_gateway_storage_sync_duration_seconds")]
    [InlineData("bridge.gaps_told", "{message}", "counter", "edge_gateway_bridge_gaps_told_total")]
    [InlineData("dotnet.gc.collections", null, "counter", "dotnet_gc_collections_total")]
    public void Name_OfAnInstrument_HasItsUnitAndKind(string instrument, string? unit, string kind, string name) =>
        Assert.Equal(name, MetricName.Of(instrument, unit, Enum.Parse<MetricKind>(kind, ignoreCase: true)));

    [Fact]
    public void Counter_SeriesByLabel_AreAddedUpAndEscaped()
    {
        var counter = _meter.CreateCounter<long>(_name, "{message}", "What is \\ counted");
        counter.Add(2, new KeyValuePair<string, object?>("reason", "a \"b\"\n"));
        counter.Add(3, new KeyValuePair<string, object?>("reason", "a \"b\"\n"));
        counter.Add(1, new KeyValuePair<string, object?>("reason", null));
        Assert.Equal(
            [
                $"# HELP edge_gateway_{_name}_total What is \\\\ counted", $"# TYPE edge_gateway_{_name}_total counter",
                $$"""edge_gateway_{{_name}}_total{reason="a \"b\"\n"} 5""", $"edge_gateway_{_name}_total 1",
            ],
            Lines());
    }

    [Fact]
    public void Gauge_Observed_IsAskedForAnewAndGoneWithItsSubject()
    {
        var values = new List<Measurement<long>> { new(7, new KeyValuePair<string, object?>("stream", "a")) };
        _meter.CreateObservableGauge(_name, () => values);
        Assert.Contains($$"""edge_gateway_{{_name}}{stream="a"} 7""", Lines());
        values[0] = new(4, new KeyValuePair<string, object?>("stream", "a"));
        Assert.Contains($$"""edge_gateway_{{_name}}{stream="a"} 4""", Lines());
        values.Clear();
        Assert.Empty(Lines());
    }

    [Fact]
    public void Histogram_Measurements_AreCumulative()
    {
        var histogram = _meter.CreateHistogram<double>(_name, "s");
        histogram.Record(0.001);
        histogram.Record(0.3);
        histogram.Record(99);
        var lines = Lines();
        Assert.Contains($$"""edge_gateway_{{_name}}_seconds_bucket{le="0.0005"} 0""", lines);
        Assert.Contains($$"""edge_gateway_{{_name}}_seconds_bucket{le="0.001"} 1""", lines);
        Assert.Contains($$"""edge_gateway_{{_name}}_seconds_bucket{le="0.5"} 2""", lines);
        Assert.Contains($$"""edge_gateway_{{_name}}_seconds_bucket{le="10"} 2""", lines);
        Assert.Contains($$"""edge_gateway_{{_name}}_seconds_bucket{le="+Inf"} 3""", lines);
        Assert.Contains($"edge_gateway_{_name}_seconds_count 3", lines);
        Assert.Contains($"edge_gateway_{_name}_seconds_sum 99.301", lines);
    }

    [Fact]
    public void Meters_OfSeveralLinks_AreToldApartByTheirLabel()
    {
        using var one = new Meter(new MeterOptions(_meter.Name) { Tags = [new("link", "a")] });
        using var two = new Meter(new MeterOptions(_meter.Name) { Tags = [new("link", "b")] });
        one.CreateCounter<long>(_name).Add(1);
        two.CreateCounter<long>(_name).Add(2, new KeyValuePair<string, object?>("reason", "x"));
        Assert.Equal([$$"""edge_gateway_{{_name}}_total{link="a"} 1""", $$"""edge_gateway_{{_name}}_total{link="b",reason="x"} 2"""], Lines().Where(l => l[0] != '#'));
    }

    [Fact]
    public void Series_TooMany_ShareOneAndTheSumStaysTrue()
    {
        var counter = _meter.CreateCounter<long>(_name);
        for (var i = 0; i < MetricFamily.MostSeries + 50; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("client", i));
        }

        var lines = Lines().Where(l => l[0] != '#').ToList();
        Assert.Equal(MetricFamily.MostSeries + 1, lines.Count);
        Assert.Equal($$"""edge_gateway_{{_name}}_total{overflow="true"} 50""", lines[^1]);
    }

    [Fact]
    public void Measuring_UnderTheMetersLabels_AllocatesNothing()
    {
        using var link = new Meter(new MeterOptions(_meter.Name) { Tags = [new("link", "a")] });
        var counter = link.CreateCounter<long>(_name);
        var histogram = link.CreateHistogram<double>($"{_name}.late", "s");
        for (var i = 0; i < 100; i++)
        {
            counter.Add(1);
            histogram.Record(0.001);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            counter.Add(1);
            histogram.Record(0.001);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains($$"""edge_gateway_{{_name}}_total{link="a"} 10100""", Lines());
    }

    private List<string> Lines() =>
        [.. PrometheusText.Of(_listener.Collect()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.Contains(_name, StringComparison.Ordinal))];
}
