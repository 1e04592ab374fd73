using Gateway.Adapters.Modbus;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>A line on which each request takes its time, in virtual time; a dead unit takes the whole timeout.</summary>
internal sealed class TimedLink(FakeTime time, TimeSpan timeout) : IModbusLink
{
    private readonly FakeLink _line = new();
    private readonly Lock _lock = new();
    private List<(TimeSpan At, TimeSpan Took, byte Unit, FunctionCode Function)> _requests = [];

    /// <summary>How long a unit takes to answer.</summary>
    public Func<byte, TimeSpan> Takes { get; set; } = static _ => TimeSpan.FromMilliseconds(25);

    public HashSet<byte> Dead => _line.Dead;

    /// <summary>Every request up to now, with the virtual time at which it was sent and how long it held the line.</summary>
    public List<(TimeSpan At, TimeSpan Took, byte Unit, FunctionCode Function)> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public bool IsOpen => _line.IsOpen;

    public LineFault? Fault => _line.Fault;

    public int Polls(byte unit) => Requests.Count(r => r.Unit == unit && r.Function == FunctionCode.ReadHoldingRegisters);

    /// <summary>What was sent up to now counts no more.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _requests = [];
        }
    }

    public bool IsAlive() => _line.IsAlive();

    public ValueTask<LineFault?> OpenAsync(CancellationToken cancellation) => _line.OpenAsync(cancellation);

    public async ValueTask<LinkReply> TransactAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        var took = Dead.Contains(unit) ? timeout : Takes(unit);
        lock (_lock)
        {
            _requests.Add((TimeSpan.FromTicks(time.GetTimestamp()), took, unit, (FunctionCode)request.Span[0]));
        }

        await Task.Delay(took, time, cancellation);
        return await _line.TransactAsync(unit, request, response, cancellation);
    }

    public ValueTask CloseAsync() => _line.CloseAsync();

    public ValueTask DisposeAsync() => _line.DisposeAsync();
}
