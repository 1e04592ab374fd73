namespace Gateway.Adapters.Lora;

/// <summary>Sends packets within what the region allows. Belongs to the link's task.</summary>
internal interface ILoraTransmitter
{
    /// <summary>The modem is set up.</summary>
    bool IsReady { get; }

    /// <summary>How long a packet of so many bytes is on the air.</summary>
    TimeSpan Airtime(int length);

    /// <summary>Why a packet can never be sent; null: it can.</summary>
    string? WhyNever(int length);

    /// <summary>How long until a packet may be sent.</summary>
    TimeSpan WaitFor(int length);

    /// <summary>Sends it now.</summary>
    ModemSend Send(ReadOnlyMemory<byte> packet, int to);
}

/// <inheritdoc cref="ILoraTransmitter"/>
internal sealed class LoraTransmitter : ILoraTransmitter
{
    private readonly LoraOptions _options;
    private readonly ModemPump _pump;
    private readonly LoraMetrics _metrics;
    private readonly RegionBand? _band;
    private readonly DutyCycleBudget _budget;

    public LoraTransmitter(LoraOptions options, ModemPump pump, LoraMetrics metrics, TimeProvider time)
    {
        (_options, _pump, _metrics) = (options, pump, metrics);
        _band = options.Region.BandOf(options.Modulation);
        _budget = new(options.OverridesRegion ? 1 : _band?.DutyCycle ?? 1, time);
    }

    public bool IsReady => _pump.IsReady;

    public TimeSpan Airtime(int length) => _options.Modulation.TimeOnAir(length + _options.AddedBytes);

    /// <summary>Sent within the last hour, and what may be.</summary>
    public (TimeSpan Used, TimeSpan Whole) Budget => (_budget.Used, _budget.Whole);

    public string? WhyNever(int length)
    {
        var airtime = Airtime(length);
        return _options.OverridesRegion ? null
            : _band?.LongestPacket(_options.Modulation) is { } dwell && airtime > dwell ? $"a packet of {length} bytes takes {airtime.TotalMilliseconds:0} ms, and {_options.Region.Name} allows {dwell.TotalMilliseconds:0} ms"
            : _budget.WaitFor(airtime) is null ? $"a packet of {length} bytes takes longer than {_options.Region.Name} allows in an hour"
            : null;
    }

    public TimeSpan WaitFor(int length) => _budget.WaitFor(Airtime(length)) ?? DutyCycleBudget.Window;

    public ModemSend Send(ReadOnlyMemory<byte> packet, int to)
    {
        var airtime = Airtime(packet.Length);
        _budget.Sent(airtime);
        _metrics.Sent(airtime);
        var send = new ModemSend(packet, to, airtime);
        _pump.Send(send);
        return send;
    }
}
