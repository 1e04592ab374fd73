using System.Diagnostics.Metrics;

namespace Gateway.Adapters.Ble;

/// <summary>Instruments of one BLE link; the meter carries the link's id.</summary>
public sealed class BleMetrics : IDisposable
{
    public const string MeterName = "EdgeGateway.Adapters";

    private readonly Meter _meter;
    private readonly Counter<long> _outcomes;
    private readonly Counter<long> _recoveries;
    private readonly Counter<long> _connections;
    private long _heard;
    private long _dropped;

    public BleMetrics(string link)
    {
        _meter = new(new MeterOptions(MeterName) { Tags = [new("link", link)] });
        _meter.CreateObservableCounter("ble.advertisements", () => Volatile.Read(ref _heard), "{advertisement}", "Advertisements that the radio passed on");
        _meter.CreateObservableCounter("ble.advertisements.dropped", () => Volatile.Read(ref _dropped), "{advertisement}", "Advertisements that came faster than they were decoded");
        _outcomes = _meter.CreateCounter<long>("ble.advertisements.decoded", "{advertisement}", "Advertisements of configured devices, by what came of them: decoded, repeated, not-mine, refused");
        _recoveries = _meter.CreateCounter<long>("ble.recoveries", "{step}", "Steps taken because the radio had gone silent or away, by step");
        _connections = _meter.CreateCounter<long>("ble.connections", "{connection}", "Connections to devices, by result");
    }

    /// <summary>Advertisements that were dropped since the start.</summary>
    public long DroppedAdvertisements => Volatile.Read(ref _dropped);

    public void Heard() => Interlocked.Increment(ref _heard);

    public void Dropped(long advertisements = 1) => Interlocked.Add(ref _dropped, advertisements);

    public void Decoded(Decoding.DecodeStatus status)
    {
        if (_outcomes.Enabled)
        {
            _outcomes.Add(1, new KeyValuePair<string, object?>("result", status switch
            {
                Decoding.DecodeStatus.Decoded => "decoded",
                Decoding.DecodeStatus.Repeated => "repeated",
                Decoding.DecodeStatus.NotMine => "not-mine",
                _ => "refused",
            }));
        }
    }

    /// <param name="step">What was done: <c>restart-discovery</c>, <c>power-cycle</c>, <c>reconnect</c>.</param>
    public void Recovered(string step) => _recoveries.Add(1, new KeyValuePair<string, object?>("step", step));

    public void Connected(bool isOk) => _connections.Add(1, new KeyValuePair<string, object?>("result", isOk ? "ok" : "failed"));

    public void Dispose() => _meter.Dispose();
}
