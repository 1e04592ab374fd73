using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Gateway.Adapters.Modbus;

/// <summary>Modbus TCP over one connection, plain or secured. A response belongs to the request with its transaction identifier, and to no other.</summary>
/// <remarks>
/// A response that comes after its deadline is recognised by its number and thrown away, so the connection stays in step and open.
/// It is closed when what came is not Modbus, when a frame stops half way, and when several requests in a row got no byte at all:
/// the peer may be gone without a word.
/// </remarks>
internal sealed class ModbusTcpLink<TConnection> : IModbusLink
    where TConnection : class, IHostConnection
{
    /// <summary>3: a peer that is gone without closing is noticed after as many timeouts; TCP itself would take 15 minutes.</summary>
    public const int SilentBeforeReconnect = 3;

    private readonly HostConnector<TConnection> _hosts;
    private readonly TimeSpan _timeout;
    private readonly bool _hasBroadcast;
    private readonly ModbusMetrics _metrics;
    private readonly TransactionDeadline _deadline;
    private readonly FrameBuffer _received = new();
    private readonly byte[] _frame = new byte[MbapHeader.MaxFrame];
    private TConnection? _connection;
    private ushort _transaction;
    private int _silent;
    private bool _hasReceived;

    /// <param name="hosts">Makes connections; owned from here on.</param>
    /// <param name="timeout">Total deadline of one transaction.</param>
    /// <param name="hasBroadcast">Unit 0 is everybody behind the gateway.</param>
    /// <param name="metrics">Counters of the link.</param>
    /// <param name="time">The clock.</param>
    public ModbusTcpLink(HostConnector<TConnection> hosts, TimeSpan timeout, bool hasBroadcast, ModbusMetrics metrics, TimeProvider time)
    {
        (_hosts, _timeout, _hasBroadcast, _metrics) = (hosts, timeout, hasBroadcast, metrics);
        _deadline = new(time);
    }

    public bool Blocks => TConnection.Blocks;

    public bool IsOpen => _connection is not null;

    public LineFault? Fault { get; private set; }

    public LineFault? Note => _hosts.Note;

    public bool IsBroadcast(byte unit) => unit == 0 && _hasBroadcast;

    public async ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
    {
        Close(null);
        (_connection, Fault) = await _hosts.ConnectAsync(cancellation);
        return Fault;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LinkReply> TransactAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        Return();
        if (_connection is not { } connection)
        {
            return new(TransactionStatus.Closed);
        }

        _transaction++;
        _deadline.Start(_timeout, cancellation);
        try
        {
            await SendAsync(connection, unit, request);
            if (IsBroadcast(unit))
            {
                return new(TransactionStatus.Ok);
            }

            LinkReply reply;
            while (!TryFind(unit, request.Span[0], response.Span, out reply))
            {
                var count = await connection.ReceiveAsync(_received.Free, _deadline);
                if (count == 0)
                {
                    return Close(!_received.IsEmpty ? LineFaults.HalfFrame : _hasReceived ? LineFaults.ClosedByPeer : Refusal);
                }

                _silent = 0;
                _hasReceived = true;
                _hosts.Carried();
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
        catch (IOException e)
        {
            return Close(e.InnerException is SocketException inner ? LineFaults.Of(inner) : LineFaults.ClosedByPeer);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    public bool IsAlive()
    {
        if (_connection is { } connection && connection.HasEnded())
        {
            Close(LineFaults.ClosedByPeer);
        }

        return IsOpen;
    }

    public ValueTask CloseAsync()
    {
        Close(null);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        Close(null);
        await _hosts.DisposeAsync();
        _deadline.Dispose();
    }

    /// <summary>A plain device that closes at once serves too many already; a secured one may not like who came.</summary>
    private static LineFault Refusal => typeof(TConnection) == typeof(TlsConnection) ? LineFaults.Refused : LineFaults.ClosedByPeer;

    /// <summary>To the host, as soon as it serves again.</summary>
    private void Return()
    {
        if (_connection is not null && _hosts.TakeReturn() is { } connection)
        {
            Close(null);
            _connection = connection;
        }
    }

    private ValueTask SendAsync(TConnection connection, byte unit, ReadOnlyMemory<byte> request)
    {
        new MbapHeader(_transaction, request.Length, unit).Write(_frame);
        request.Span.CopyTo(_frame.AsSpan(MbapHeader.Size));
        return connection.SendAsync(_frame.AsMemory(0, MbapHeader.Size + request.Length), _deadline);
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
            _hosts.GiveUp();
            Close(LineFaults.Silent);
        }

        return new(TransactionStatus.Timeout);
    }

    private LinkReply Close(LineFault? fault)
    {
        _connection?.Dispose();
        _connection = null;
        _received.Clear();
        _silent = 0;
        _hasReceived = false;
        Fault = fault;
        return new(TransactionStatus.Closed);
    }
}
