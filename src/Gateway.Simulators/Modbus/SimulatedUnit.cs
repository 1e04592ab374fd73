using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>The four tables of one simulated unit. Every address exists, unless <see cref="Hide"/> takes it away.</summary>
public sealed class SimulatedUnit
{
    private const int Addresses = ushort.MaxValue + 1;

    private readonly Lock _lock = new();
    private readonly byte[][] _tables = new byte[4][];
    private readonly HashSet<(RegisterSpace Space, int Address)> _hidden = [];

    /// <summary>Requests that it has answered or refused.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    private long _requests;

    /// <summary>What it says when it is asked who it is.</summary>
    public UnitIdentity Identity { get; } = new();

    /// <summary>What it has seen on its line.</summary>
    internal UnitCounters Counters { get; } = new();

    /// <summary>Takes addresses away: requests that touch them are refused with exception 2.</summary>
    public void Hide(RegisterSpace space, int address, int count = 1)
    {
        lock (_lock)
        {
            _hidden.UnionWith(Enumerable.Range(address, count).Select(a => (space, a)));
        }
    }

    /// <summary>Gives hidden addresses back.</summary>
    public void Show(RegisterSpace space, int address, int count = 1)
    {
        lock (_lock)
        {
            _hidden.ExceptWith(Enumerable.Range(address, count).Select(a => (space, a)));
        }
    }

    /// <summary>Sets a point to a scaled value.</summary>
    public void Set(PointOptions point, PointValue value)
    {
        var address = (ModbusPoint)point.Address;
        if (address.Space.IsBits())
        {
            SetBit(address.Space, address.Address, value.Boolean);
            return;
        }

        var codec = new PointCodec(address, point.Scale, point.Offset);
        lock (_lock)
        {
            // In place: what is a part of a register leaves the other bits alone.
            if (codec.Encode(value, Table(address.Space).AsSpan(address.Address * 2, address.Width * 2)) is { } problem)
            {
                throw new ArgumentException(problem, nameof(value));
            }
        }
    }

    /// <summary>Sets registers as they go over the wire.</summary>
    public void SetRegisters(RegisterSpace space, int address, ReadOnlySpan<byte> wire)
    {
        lock (_lock)
        {
            wire.CopyTo(Table(space).AsSpan(address * 2));
        }
    }

    public void SetRegister(RegisterSpace space, int address, ushort value) => SetRegisters(space, address, [(byte)(value >> 8), (byte)value]);

    public ushort Register(RegisterSpace space, int address)
    {
        lock (_lock)
        {
            var table = Table(space);
            return (ushort)((table[address * 2] << 8) | table[(address * 2) + 1]);
        }
    }

    public void SetBit(RegisterSpace space, int address, bool on)
    {
        lock (_lock)
        {
            Table(space)[address] = on ? (byte)1 : (byte)0;
        }
    }

    public bool Bit(RegisterSpace space, int address)
    {
        lock (_lock)
        {
            return Table(space)[address] != 0;
        }
    }

    /// <summary>Carries out a request.</summary>
    /// <param name="request">Request PDU.</param>
    /// <param name="response">Where the response PDU goes.</param>
    /// <returns>Length of the response.</returns>
    internal int Answer(ReadOnlySpan<byte> request, Span<byte> response)
    {
        Interlocked.Increment(ref _requests);
        Counters.Count(DiagnosticFunction.ServerMessages);
        lock (_lock)
        {
            var length = AnswerAlone(request, response);
            if ((response[0] & ResponsePdu.ExceptionBit) != 0)
            {
                Counters.Count(DiagnosticFunction.Exceptions);
            }

            return length;
        }
    }

    /// <summary>Carries out what was said to everybody; nobody answers.</summary>
    /// <param name="request">Request PDU.</param>
    internal void Hear(ReadOnlySpan<byte> request)
    {
        Span<byte> unsaid = stackalloc byte[ModbusLimits.Pdu];
        Answer(request, unsaid);
        Counters.Count(DiagnosticFunction.NoResponses);
    }

    private int AnswerAlone(ReadOnlySpan<byte> request, Span<byte> response) => (FunctionCode)request[0] switch
    {
        FunctionCode.EncapsulatedInterface => Identity.Answer(request, response),
        FunctionCode.Diagnostics when request.Length >= 5 => Counters.Answer(request, response) ?? UnitRequest.Refuse(request, response, ExceptionCode.IllegalFunction),
        _ => new UnitRequest(Table, _hidden).Answer(request, response),
    };

    private byte[] Table(RegisterSpace space) => _tables[(int)space] ??= new byte[space.IsBits() ? Addresses : Addresses * 2];
}
