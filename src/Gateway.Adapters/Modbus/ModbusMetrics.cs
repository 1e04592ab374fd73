using System.Diagnostics.Metrics;

namespace Gateway.Adapters.Modbus;

/// <summary>Instruments of one Modbus link; the meter carries the link's id. What each poll counts is a number that is only looked at when somebody asks.</summary>
public sealed class ModbusMetrics : IDisposable
{
    public const string MeterName = "EdgeGateway.Adapters";

    private readonly Meter _meter;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _lateness;
    private long _requests;
    private long _polls;
    private long _missed;
    private long _discarded;
    private long _connects;
    private long _busy;
    private double _load;

    public ModbusMetrics(string link)
    {
        _meter = new(new MeterOptions(MeterName) { Tags = [new("link", link)] });
        _meter.CreateObservableCounter("modbus.requests", () => Volatile.Read(ref _requests), "{request}", "Requests sent: polls, writes and what is read back after them");
        _failures = _meter.CreateCounter<long>("modbus.failures", "{request}", "Requests without a good response, by reason");
        _meter.CreateObservableCounter("modbus.responses.discarded", () => Volatile.Read(ref _discarded), "{response}", "Responses that came after their deadline, or that nobody had asked for");
        _meter.CreateObservableCounter("modbus.connects", () => Volatile.Read(ref _connects), "{connection}", "Times the line was opened");
        _meter.CreateObservableCounter("modbus.polls", () => Volatile.Read(ref _polls), "{poll}", "Polls of a block of points that were sent");
        _meter.CreateObservableCounter("modbus.polls.missed", () => Volatile.Read(ref _missed), "{poll}", "Polls left out because the line was too slow for their interval");
        _lateness = _meter.CreateHistogram<double>("modbus.poll.lateness", "s", "From when a poll was due to when it was sent");
        _meter.CreateObservableCounter(
            "modbus.line.busy", () => Volatile.Read(ref _busy) / (double)TimeSpan.TicksPerSecond, "s", "Time that requests held the line, with the wait for their responses; its rate is the busy share");
        _meter.CreateObservableGauge("modbus.line.load", () => Volatile.Read(ref _load), "1", "What polls and writes would take of the line if none were left out; above 1 it is too slow for them");
    }

    public long Polls => Volatile.Read(ref _polls);

    public long MissedPolls => Volatile.Read(ref _missed);

    public TimeSpan BusyTime => TimeSpan.FromTicks(Volatile.Read(ref _busy));

    public void Request() => Interlocked.Increment(ref _requests);

    public void Failed(in TransactionResult result)
    {
        if (_failures.Enabled)
        {
            _failures.Add(1, new KeyValuePair<string, object?>("reason", result.Reason));
        }
    }

    public void Discarded() => Interlocked.Increment(ref _discarded);

    public void Connected() => Interlocked.Increment(ref _connects);

    public void Missed(long polls) => Interlocked.Add(ref _missed, polls);

    /// <summary>A poll is sent.</summary>
    /// <param name="late">Since it was due.</param>
    public void Polled(TimeSpan late)
    {
        Interlocked.Increment(ref _polls);
        _lateness.Record(late.TotalSeconds);
    }

    public void Busy(TimeSpan time) => Interlocked.Add(ref _busy, time.Ticks);

    /// <param name="share">1 is a full line.</param>
    public void Load(double share) => Volatile.Write(ref _load, share);

    public void Dispose() => _meter.Dispose();
}
