using Gateway.Adapters.Modbus;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>A line without a wire: answers at once from simulated units, and shows that nothing above the seam knows of TCP.</summary>
internal sealed class FakeLink : IModbusLink
{
    private readonly Dictionary<byte, SimulatedUnit> _units = [];

    /// <summary>Units that do not answer.</summary>
    public HashSet<byte> Dead { get; } = [];

    /// <summary>Every request, in order.</summary>
    public List<(byte Unit, byte[] Pdu)> Requests { get; } = [];

    /// <summary>The same, never cleared.</summary>
    public List<(byte Unit, byte[] Pdu)> AllRequests { get; } = [];

    /// <summary>What comes back instead of the units' answers.</summary>
    public Func<byte, byte[], byte[]>? Script { get; set; }

    /// <summary>Unit 0 is everybody.</summary>
    public bool HasBroadcast { get; set; }

    /// <summary>Why it cannot be opened; null: it can.</summary>
    public LineFault? Refusal { get; set; }

    public int Opened { get; private set; }

    public bool IsOpen { get; private set; }

    public LineFault? Fault { get; private set; }

    public SimulatedUnit Unit(byte id) => _units.TryGetValue(id, out var unit) ? unit : _units[id] = new();

    public void Break(LineFault fault) => (IsOpen, Fault) = (false, fault);

    public bool IsBroadcast(byte unit) => unit == 0 && HasBroadcast;

    public bool IsAlive() => IsOpen;

    public ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
    {
        Opened++;
        IsOpen = Refusal is null;
        return ValueTask.FromResult(Refusal);
    }

    public ValueTask<LinkReply> TransactAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        Requests.Add((unit, request.ToArray()));
        AllRequests.Add(Requests[^1]);
        if (IsOpen && Script is not null)
        {
            var scripted = Script(unit, request.ToArray());
            scripted.CopyTo(response);
            return ValueTask.FromResult(new LinkReply(TransactionStatus.Ok, scripted.Length));
        }

        if (IsOpen && IsBroadcast(unit))
        {
            foreach (var hearing in _units.Values)
            {
                hearing.Hear(request.Span);
            }

            return ValueTask.FromResult(new LinkReply(TransactionStatus.Ok));
        }

        return ValueTask.FromResult(
            !IsOpen ? new LinkReply(TransactionStatus.Closed)
            : Dead.Contains(unit) ? new(TransactionStatus.Timeout)
            : new(TransactionStatus.Ok, Unit(unit).Answer(request.Span, response.Span)));
    }

    public ValueTask CloseAsync()
    {
        IsOpen = false;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
