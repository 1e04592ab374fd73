using System.Runtime.CompilerServices;

namespace Gateway.Adapters.Modbus;

/// <summary>Requests and checked responses over any <see cref="IModbusLink"/>; keeps the pause between requests. One task owns it.</summary>
internal sealed class ModbusMaster(IModbusLink link, ModbusLinkOptions options, ModbusMetrics metrics, TimeProvider time)
{
    private readonly byte[] _request = new byte[ModbusLimits.Pdu];
    private readonly byte[] _response = new byte[ModbusLimits.Pdu];

    // Timestamp; 0: no pause is wanted, or nothing was sent yet.
    private long _lastEnd;

    /// <summary>The values of the last read that was ok; valid until the next request.</summary>
    public ReadOnlySpan<byte> Values => _response.AsSpan(ResponsePdu.DataOffset);

    /// <summary>Why the line closed itself; null while it is open.</summary>
    public LineFault? Fault => link.Fault;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TransactionResult> ReadAsync(byte unit, PlannedRead read, CancellationToken cancellation)
    {
        var function = read.Space.ReadFunction();
        var length = RequestPdu.Read(_request, function, read.Address, read.Count);
        await PauseAsync(cancellation);
        metrics.Request();
        var reply = await link.TransactAsync(unit, _request.AsMemory(0, length), _response, cancellation);
        return Done(reply.Status == TransactionStatus.Ok ? ResponsePdu.CheckRead(_response.AsSpan(0, reply.Length), function, read.Bytes) : new(reply.Status));
    }

    /// <summary>Functions 5, 6, 15, 16: one coil or one register by its own function, more by the other.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="point">Where.</param>
    /// <param name="wire">Registers as on the wire; for a coil one byte, 0 or 1.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<TransactionResult> WriteAsync(byte unit, ModbusPoint point, ReadOnlyMemory<byte> wire, CancellationToken cancellation)
    {
        var length = point.Space == RegisterSpace.Coil ? RequestPdu.WriteCoil(_request, point.Address, wire.Span[0] != 0)
            : point.Width == 1 ? RequestPdu.WriteRegister(_request, point.Address, (ushort)RegisterCodec.Read(wire.Span, ByteOrder.Abcd))
            : RequestPdu.WriteRegisters(_request, point.Address, wire.Span);
        await PauseAsync(cancellation);
        metrics.Request();
        var reply = await link.TransactAsync(unit, _request.AsMemory(0, length), _response, cancellation);
        return Done(reply.Status == TransactionStatus.Ok ? ResponsePdu.CheckWrite(_response.AsSpan(0, reply.Length), _request) : new(reply.Status));
    }

    /// <summary>A request as it is, for tools.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="request">Request PDU.</param>
    /// <param name="response">Where the response PDU goes, be it an exception; at least <see cref="ModbusLimits.Pdu"/> bytes.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<LinkReply> ExchangeAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        await PauseAsync(cancellation);
        metrics.Request();
        var reply = await link.TransactAsync(unit, request, response, cancellation);
        Done(new(reply.Status));
        return reply;
    }

    private ValueTask PauseAsync(CancellationToken cancellation)
    {
        if (_lastEnd == 0)
        {
            return ValueTask.CompletedTask;
        }

        var rest = options.DelayBetweenRequests - time.GetElapsedTime(_lastEnd);
        return rest > TimeSpan.Zero ? new(Task.Delay(rest, time, cancellation)) : ValueTask.CompletedTask;
    }

    private TransactionResult Done(TransactionResult result)
    {
        if (options.DelayBetweenRequests > TimeSpan.Zero)
        {
            _lastEnd = time.GetTimestamp();
        }

        if (!result.IsOk)
        {
            metrics.Failed(result);
        }

        return result;
    }
}
