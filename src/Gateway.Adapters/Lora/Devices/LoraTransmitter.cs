using System.Globalization;
using Gateway.Adapters.Heard;
using Gateway.Core;

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
internal sealed class LoraTransmitter : ILoraTransmitter, IDisposable
{
    private readonly LoraOptions _options;
    private readonly ModemPump _pump;
    private readonly LoraMetrics _metrics;
    private readonly RegionBand? _band;
    private readonly bool _listensOnly;
    private readonly AirtimeBook? _book;
    private readonly AirtimeBook.KeptBudget? _budget;

    /// <param name="options">The link.</param>
    /// <param name="pump">Of its modem.</param>
    /// <param name="metrics">Counts what is sent.</param>
    /// <param name="context">Where airtime is kept.</param>
    public LoraTransmitter(LoraOptions options, ModemPump pump, LoraMetrics metrics, AdapterContext context)
    {
        (_options, _pump, _metrics, _listensOnly) = (options, pump, metrics, context.ListensOnly);
        _band = options.Region.BandOf(options.Modulation);
        if (_band is { DutyCycle: < 1 } limited)
        {
            _book = context.Kept.Open(AirtimeBook.Name, state => new AirtimeBook(state, context));
            _budget = _book.Claim(options.Serial.Path, limited);
        }
    }

    public bool IsReady => !_listensOnly && _pump.IsReady;

    public TimeSpan Airtime(int length) => _options.Modulation.TimeOnAir(length + _options.AddedBytes);

    /// <summary>What is to be known of the airtime, for people, beginning with <c>; </c>; empty: nothing.</summary>
    public string Text
    {
        get
        {
            if (_budget is null)
            {
                return "";
            }

            var used = _budget.Used;
            var sent = used == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $"; sent for {used.TotalSeconds:0.0} s{(_options.OverridesRegion ? "" : $" of {_budget.Whole.TotalSeconds:0} s")} within the last hour");
            return _options.OverridesRegion ? sent
                : _book!.Problem is { } problem ? $"{sent}; nothing is sent, because airtime cannot be kept: {problem}"
                : _book.Unknown is var (because, left) ? string.Create(CultureInfo.InvariantCulture, $"{sent}; nothing is sent for another {Math.Ceiling(left.TotalMinutes)} min, because what was sent before is not known: {because}")
                : sent;
        }
    }

    /// <summary>What to do if nothing is sent; null: nothing is wrong.</summary>
    public string? Remedy => _budget is null || _options.OverridesRegion ? null
        : _book!.Problem is not null ? CounterBook.Remedy
        : _book.Unknown is null ? null : "nothing: commands wait for their time, or expire";

    public string? WhyNever(int length)
    {
        var airtime = Airtime(length);
        return _options.OverridesRegion ? null
            : _band?.LongestPacket(_options.Modulation) is { } dwell && airtime > dwell ? $"a packet of {length} bytes takes {airtime.TotalMilliseconds:0} ms, and {_options.Region.Name} allows {dwell.TotalMilliseconds:0} ms"
            : _budget is not null && _budget.WaitFor(airtime) is null ? $"a packet of {length} bytes takes longer than {_options.Region.Name} allows in an hour"
            : null;
    }

    public TimeSpan WaitFor(int length) =>
        _budget is null || _options.OverridesRegion ? TimeSpan.Zero : _budget.WaitFor(Airtime(length)) ?? DutyCycleBudget.Window;

    public ModemSend Send(ReadOnlyMemory<byte> packet, int to)
    {
        var airtime = Airtime(packet.Length);
        var send = new ModemSend(packet, to, airtime);
        if (_budget?.Charge(airtime) is { } problem && !_options.OverridesRegion)
        {
            send.Complete($"its airtime cannot be kept, and a restart would let more be sent than {_options.Region.Name} allows: {problem}");
            return send;
        }

        _metrics.Sent(airtime);
        _pump.Send(send);
        return send;
    }

    /// <summary>To be called about once a second.</summary>
    public void Step() => _book?.Step();

    public void Dispose() => _budget?.Dispose();
}
