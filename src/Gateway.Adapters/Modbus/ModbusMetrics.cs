using System.Diagnostics.Metrics;

namespace Gateway.Adapters.Modbus;

/// <summary>Counters of one Modbus link; the meter carries the link's id.</summary>
public sealed class ModbusMetrics : IDisposable
{
    public const string MeterName = "EdgeGateway.Adapters";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _discarded;
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _missed;
    private readonly Histogram<double> _lateness;

    public ModbusMetrics(string link)
    {
        _meter = new(new MeterOptions(MeterName) { Tags = [new("link", link)] });
        _requests = _meter.CreateCounter<long>("modbus.requests", "{request}", "Requests sent");
        _failures = _meter.CreateCounter<long>("modbus.failures", "{request}", "Requests without a good response, by reason");
        _discarded = _meter.CreateCounter<long>("modbus.responses.discarded", "{response}", "Responses that came after their deadline, or that nobody had asked for");
        _reconnects = _meter.CreateCounter<long>("modbus.connects", "{connection}", "Times the line was opened");
        _missed = _meter.CreateCounter<long>("modbus.polls.missed", "{poll}", "Polls left out because the line was too slow for their interval");
        _lateness = _meter.CreateHistogram<double>("modbus.poll.lateness", "s", "From when a poll was due to when it was sent");
    }

    public void Request() => _requests.Add(1);

    public void Failed(in TransactionResult result)
    {
        if (_failures.Enabled)
        {
            _failures.Add(1, new KeyValuePair<string, object?>("reason", result.Reason));
        }
    }

    public void Discarded() => _discarded.Add(1);

    public void Connected() => _reconnects.Add(1);

    public void Missed(long polls) => _missed.Add(polls);

    public void Late(TimeSpan by) => _lateness.Record(by.TotalSeconds);

    public void Dispose() => _meter.Dispose();
}
