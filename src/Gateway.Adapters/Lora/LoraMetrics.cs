using System.Diagnostics.Metrics;

namespace Gateway.Adapters.Lora;

/// <summary>Instruments of one LoRa link; the meter carries the link's id.</summary>
public sealed class LoraMetrics : IDisposable
{
    public const string MeterName = "EdgeGateway.Adapters";

    private readonly Meter _meter;
    private readonly Counter<long> _outcomes;
    private long _packets;
    private long _lost;
    private long _noise;
    private long _unknownLines;
    private long _restarts;
    private long _sent;
    private long _airtimeTicks;

    public LoraMetrics(string link)
    {
        _meter = new(new MeterOptions(MeterName) { Tags = [new("link", link)] });
        _meter.CreateObservableCounter("lora.packets", () => Volatile.Read(ref _packets), "{packet}", "Packets that the modem delivered");
        _meter.CreateObservableCounter("lora.packets.lost", () => Volatile.Read(ref _lost), "{packet}", "Packets of nodes that did not arrive, by their counters (own frames)");
        _outcomes = _meter.CreateCounter<long>("lora.packets.decoded", "{packet}", "Packets of configured devices, by what came of them: decoded, partly, repeated, refused");
        _meter.CreateObservableCounter("lora.modem.noise", () => Volatile.Read(ref _noise), "By", "Bytes of the modem that mean nothing");
        _meter.CreateObservableCounter("lora.modem.unknown", () => Volatile.Read(ref _unknownLines), "{line}", "Lines of the modem that nobody waited for and that mean nothing known");
        _meter.CreateObservableCounter("lora.modem.restarts", () => Volatile.Read(ref _restarts), "{restart}", "Times that the modem had started again by itself");
        _meter.CreateObservableCounter("lora.packets.sent", () => Volatile.Read(ref _sent), "{packet}", "Packets that the modem was told to send");
        _meter.CreateObservableCounter("lora.airtime", () => Volatile.Read(ref _airtimeTicks) / (double)TimeSpan.TicksPerSecond, "s", "Time on the air of what was sent; the region limits it");
    }

    public long Packets => Volatile.Read(ref _packets);

    public void Packet() => Interlocked.Increment(ref _packets);

    public void Lost(long packets) => Interlocked.Add(ref _lost, packets);

    public void Noise(int bytes) => Interlocked.Add(ref _noise, bytes);

    public void UnknownLine() => Interlocked.Increment(ref _unknownLines);

    public void Restarted() => Interlocked.Increment(ref _restarts);

    public void Sent(TimeSpan airtime)
    {
        Interlocked.Increment(ref _sent);
        Interlocked.Add(ref _airtimeTicks, airtime.Ticks);
    }

    /// <param name="result"><c>decoded</c>, <c>partly</c>, <c>repeated</c> or <c>refused</c>.</param>
    public void Decoded(string result)
    {
        if (_outcomes.Enabled)
        {
            _outcomes.Add(1, new KeyValuePair<string, object?>("result", result));
        }
    }

    public void Dispose() => _meter.Dispose();
}
