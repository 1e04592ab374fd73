using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Gateway.Adapters.Modbus;

/// <summary>The frames of Modbus TCP in datagrams. The network may lose, repeat and reorder them: only the one with the number of the open transaction counts.</summary>
/// <remarks>The socket is connected, so that the kernel drops datagrams from anybody else, and tells when the host has nobody on this port.</remarks>
internal sealed class ModbusUdpLink(ModbusUdpOptions options, ModbusMetrics metrics, TimeProvider time) : IModbusLink
{
    /// <summary>3: requests in a row without an answer, after which the name is looked up anew and another local port is taken: an address, or a firewall's memory, may have changed.</summary>
    public const int SilentBeforeReopen = 3;

    private readonly TransactionDeadline _deadline = new(time);
    private readonly byte[] _frame = new byte[MbapHeader.MaxFrame];

    /// <summary>One byte more than a frame has: what is longer is none.</summary>
    private readonly byte[] _received = new byte[MbapHeader.MaxFrame + 1];

    private BlockingConnection? _socket;
    private ushort _transaction;
    private int _silent;

    public bool Blocks => BlockingConnection.Blocks;

    public bool IsOpen => _socket is not null;

    public LineFault? Fault { get; private set; }

    public bool IsBroadcast(byte unit) => unit == 0 && options.Broadcast;

    public ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
    {
        Close(null);
        _deadline.Start(ModbusConnectionOptions.DefaultConnectTimeout, cancellation);
        try
        {
            _socket = new(BlockingSocket.Connect(SocketType.Dgram, options.Host, options.Port, _deadline));
        }
        catch (SocketException e)
        {
            Fault = LineFaults.Of(e);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Fault = LineFaults.NameTimeout;
        }
        finally
        {
            _deadline.Stop();
        }

        return new(Fault);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LinkReply> TransactAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        if (_socket is not { } socket)
        {
            return new(TransactionStatus.Closed);
        }

        _transaction++;
        _deadline.Start(options.Timeout, cancellation);
        try
        {
            await SendAsync(socket, unit, request);
            if (IsBroadcast(unit))
            {
                return new(TransactionStatus.Ok);
            }

            while (true)
            {
                var count = await socket.ReceiveAsync(_received, _deadline);
                _silent = 0;
                if (TryRead(count, unit, request.Span[0], response.Span, out var reply))
                {
                    return reply;
                }
            }
        }
        catch (OperationCanceledException)
        {
            if (cancellation.IsCancellationRequested)
            {
                Close(null);
                throw;
            }

            if (++_silent >= SilentBeforeReopen)
            {
                Close(LineFaults.SilentDatagrams);
            }

            return new(TransactionStatus.Timeout);
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

    /// <summary>Nobody closes a datagram socket; who is gone shows at the next request.</summary>
    public bool IsAlive() => IsOpen;

    public ValueTask CloseAsync()
    {
        Close(null);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _deadline.Dispose();
        return CloseAsync();
    }

    private ValueTask SendAsync(BlockingConnection socket, byte unit, ReadOnlyMemory<byte> request)
    {
        new MbapHeader(_transaction, request.Length, unit).Write(_frame);
        request.Span.CopyTo(_frame.AsSpan(MbapHeader.Size));
        return socket.SendAsync(_frame.AsMemory(0, MbapHeader.Size + request.Length), _deadline);
    }

    /// <returns>false: not the response; another datagram may be.</returns>
    private bool TryRead(int count, byte unit, byte function, Span<byte> response, out LinkReply reply)
    {
        reply = default;
        if (count < MbapHeader.Size || !MbapHeader.TryRead(_received, out var header) || header.Transaction != _transaction)
        {
            metrics.Discarded();
            return false;
        }

        // A datagram holds one frame, whole.
        var pdu = _received.AsSpan(MbapHeader.Size, count - MbapHeader.Size);
        if (pdu.Length != header.PduLength || header.Unit != unit || (pdu[0] & ~ResponsePdu.ExceptionBit) != function)
        {
            reply = new(TransactionStatus.Invalid);
            return true;
        }

        pdu.CopyTo(response);
        reply = new(TransactionStatus.Ok, pdu.Length);
        return true;
    }

    private LinkReply Close(LineFault? fault)
    {
        _socket?.Dispose();
        _socket = null;
        _silent = 0;
        Fault = fault;
        return new(TransactionStatus.Closed);
    }
}
