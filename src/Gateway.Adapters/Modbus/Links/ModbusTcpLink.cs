using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Gateway.Adapters.Modbus;

/// <summary>Modbus TCP over one connection. A response belongs to the request with its transaction identifier, and to no other.</summary>
/// <remarks>
/// A response that comes after its deadline is recognised by its number and thrown away, so the connection stays in step and open.
/// It is closed when what came is not Modbus, when a frame stops half way, and when several requests in a row got no byte at all:
/// the peer may be gone without a word.
/// </remarks>
public sealed class ModbusTcpLink : IModbusLink
{
    /// <summary>3: a peer that is gone without closing is noticed after as many timeouts; TCP itself would take 15 minutes.</summary>
    public const int SilentBeforeReconnect = 3;

    private readonly ModbusTcpOptions _options;
    private readonly ModbusMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly TransactionDeadline _deadline;
    private readonly FrameBuffer _received = new();
    private readonly byte[] _frame = new byte[MbapHeader.MaxFrame];
    private Socket? _socket;
    private ushort _transaction;
    private int _silent;

    public ModbusTcpLink(ModbusTcpOptions options, ModbusMetrics metrics, TimeProvider time)
    {
        _options = options;
        _metrics = metrics;
        _time = time;
        _deadline = new(time);
    }

    public bool IsOpen => _socket is not null;

    public LineFault? Fault { get; private set; }

    public bool IsBroadcast(byte unit) => unit == 0 && _options.Broadcast;

    public async ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
    {
        Close(null);
        (_socket, Fault) = await TcpConnection.ConnectAsync(_options, _time, cancellation);
        return Fault;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LinkReply> TransactAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        if (_socket is not { } socket)
        {
            return new(TransactionStatus.Closed);
        }

        _transaction++;
        _deadline.Start(_options.Timeout, cancellation);
        try
        {
            await SendAsync(socket, unit, request);
            if (IsBroadcast(unit))
            {
                return new(TransactionStatus.Ok);
            }

            LinkReply reply;
            while (!TryFind(unit, request.Span[0], response.Span, out reply))
            {
                var count = await socket.ReceiveAsync(_received.Free, SocketFlags.None, _deadline.Token);
                if (count == 0)
                {
                    return Close(_received.IsEmpty ? LineFaults.ClosedByPeer : LineFaults.HalfFrame);
                }

                _silent = 0;
                _received.Received(count);
            }

            return reply;
        }
        catch (OperationCanceledException)
        {
            if (cancellation.IsCancellationRequested)
            {
                Close(null);
                throw;
            }

            return TimedOut();
        }
        catch (SocketException e)
        {
            return Close(LineFaults.Of(e));
        }
        finally
        {
            _deadline.Stop();
        }
    }

    public bool IsAlive()
    {
        if (_socket is { } socket && TcpConnection.HasEnded(socket))
        {
            Close(LineFaults.ClosedByPeer);
        }

        return IsOpen;
    }

    public ValueTask DisposeAsync()
    {
        Close(null);
        _deadline.Dispose();
        return ValueTask.CompletedTask;
    }

    private ValueTask SendAsync(Socket socket, byte unit, ReadOnlyMemory<byte> request)
    {
        new MbapHeader(_transaction, request.Length, unit).Write(_frame);
        request.Span.CopyTo(_frame.AsSpan(MbapHeader.Size));
        return TcpConnection.SendAllAsync(socket, _frame.AsMemory(0, MbapHeader.Size + request.Length), _deadline.Token);
    }

    /// <summary>Looks for the response among what has come; drops what nobody waits for any more.</summary>
    private bool TryFind(byte unit, byte function, Span<byte> response, out LinkReply reply)
    {
        while (_received.TryTake(out var header, out var pdu))
        {
            if (header.Transaction != _transaction)
            {
                _metrics.Discarded();
                continue;
            }

            pdu.CopyTo(response);
            var fits = header.Unit == unit && (pdu[0] & ~ResponsePdu.ExceptionBit) == function;
            reply = new(fits ? TransactionStatus.Ok : TransactionStatus.Invalid, pdu.Length);
            return true;
        }

        // A broken header leaves TryTake false for good: the stream has lost its step.
        reply = default;
        if (_received.IsBroken)
        {
            reply = Close(LineFaults.NotModbus);
            return true;
        }

        return false;
    }

    private LinkReply TimedOut()
    {
        if (!_received.IsEmpty)
        {
            Close(LineFaults.HalfFrame);
        }
        else if (++_silent >= SilentBeforeReconnect)
        {
            Close(LineFaults.Silent);
        }

        return new(TransactionStatus.Timeout);
    }

    private LinkReply Close(LineFault? fault)
    {
        _socket?.Dispose();
        _socket = null;
        _received.Clear();
        _silent = 0;
        Fault = fault;
        return new(TransactionStatus.Closed);
    }
}
