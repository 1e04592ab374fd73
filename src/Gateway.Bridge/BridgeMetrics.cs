using System.Diagnostics.Metrics;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>Counters of all bridges, meter <c>EdgeGateway.Bridge</c>. Tags: <c>bridge</c>, <c>lane</c>, <c>reason</c>.</summary>
public sealed class BridgeMetrics : IDisposable
{
    public const string MeterName = "EdgeGateway.Bridge";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _sent;
    private readonly Counter<long> _acknowledged;
    private readonly Counter<long> _unheard;
    private readonly Counter<long> _held;
    private readonly Counter<long> _abandoned;
    private readonly Counter<long> _gapsTold;
    private readonly Counter<long> _direct;
    private readonly Counter<long> _directDropped;
    private readonly Counter<long> _hopsDropped;
    private readonly Counter<long> _imported;
    private readonly Counter<long> _importDropped;
    private readonly Counter<long> _connections;
    private readonly Counter<long> _failures;

    public BridgeMetrics()
    {
        Counter<long> New(string name, string what) => _meter.CreateCounter<long>($"bridge.{name}", "{message}", what);
        _sent = New("sent", "Publishes of outbox entries, repetitions included");
        _acknowledged = New("acknowledged", "Entries that upstream has taken");
        _unheard = New("unheard", "Entries that upstream has taken and had no subscriber for (0x10)");
        _held = New("held", "Times that upstream asked for patience");
        _abandoned = New("abandoned", "Entries that upstream will never take");
        _gapsTold = New("gaps_told", "Gaps that upstream has confirmed");
        _direct = New("direct", "Messages sent straight through at QoS 0");
        _directDropped = New("direct_dropped", "Messages of QoS 0 rules dropped without a connection or with a full buffer");
        _hopsDropped = New("hops_dropped", "Messages not forwarded because they passed too many gateways");
        _imported = New("imported", "Messages taken in from upstream");
        _importDropped = New("import_dropped", "Messages from upstream that were not taken in");
        _connections = _meter.CreateCounter<long>("bridge.connections", "{connection}", "Connections made");
        _failures = _meter.CreateCounter<long>("bridge.connections.failed", "{attempt}", "Attempts to connect that failed");
    }

    public void Dispose() => _meter.Dispose();

    internal void Sent(StreamId stream) => Add(_sent, stream);

    internal void Acknowledged(StreamId stream, bool unheard)
    {
        Add(_acknowledged, stream);
        if (unheard)
        {
            Add(_unheard, stream);
        }
    }

    internal void Held(StreamId stream) => Add(_held, stream);

    internal void Abandoned(StreamId stream, GapReason reason) =>
        _abandoned.Add(1, new("bridge", stream.Bridge), new("lane", stream.Lane.Name()), new("reason", reason.Name()));

    internal void GapTold(string bridge, GapReason reason) => _gapsTold.Add(1, new("bridge", bridge), new("reason", reason.Name()));

    internal void Direct(string bridge, bool sent) => (sent ? _direct : _directDropped).Add(1, new KeyValuePair<string, object?>("bridge", bridge));

    internal void TooManyHops(string bridge) => _hopsDropped.Add(1, new KeyValuePair<string, object?>("bridge", bridge));

    internal void Imported(string bridge) => _imported.Add(1, new KeyValuePair<string, object?>("bridge", bridge));

    internal void ImportDropped(string bridge, string reason) => _importDropped.Add(1, new("bridge", bridge), new("reason", reason));

    internal void Connected(string bridge) => _connections.Add(1, new KeyValuePair<string, object?>("bridge", bridge));

    internal void ConnectFailed(string bridge, string reason) => _failures.Add(1, new("bridge", bridge), new("reason", reason));

    private static void Add(Counter<long> counter, StreamId stream) => counter.Add(1, new("bridge", stream.Bridge), new("lane", stream.Lane.Name()));
}
