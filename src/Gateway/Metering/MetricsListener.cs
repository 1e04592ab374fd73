using System.Diagnostics.Metrics;

namespace Gateway.Metering;

/// <summary>Hears every instrument of the gateway and of the runtime, and keeps their sums for whoever asks.</summary>
internal sealed class MetricsListener : IDisposable
{
    private const string OwnMeters = "EdgeGateway.";
    private const string RuntimeMeter = "System.Runtime";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MetricsListener()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith(OwnMeters, StringComparison.Ordinal) || instrument.Meter.Name == RuntimeMeter)
            {
                listener.EnableMeasurementEvents(instrument, new MetricSource(FamilyOf(instrument), instrument.Meter.Tags));
            }
        };

        // No source: its meter is being disposed of (a link that was removed), and still observed.
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, source) => (source as MetricSource)?.Measure(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, source) => (source as MetricSource)?.Measure(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, source) => (source as MetricSource)?.Measure(value, tags));
        _listener.Start();
    }

    /// <summary>All metrics by name, with what is observed as it is now.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        lock (_lock)
        {
            foreach (var family in _families.Values)
            {
                if (family.IsObserved)
                {
                    family.Clear();
                }
            }

            _listener.RecordObservableInstruments();
            return [.. _families.Values];
        }
    }

    public void Dispose() => _listener.Dispose();

    private MetricFamily FamilyOf(Instrument instrument)
    {
        lock (_lock)
        {
            // Several meters may have the same instrument: one for each link.
            var family = new MetricFamily(instrument);
            if (_families.TryGetValue(family.Name, out var known))
            {
                return known;
            }

            _families.Add(family.Name, family);
            return family;
        }
    }
}
