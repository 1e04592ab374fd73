using System.Runtime.CompilerServices;

namespace Gateway.Adapters.Modbus;

/// <summary>Requests and checked responses over any <see cref="IModbusLink"/>; keeps the pauses between requests. One task owns it.</summary>
/// <remarks>
/// A unit for which <see cref="IModbusLink.IsBroadcast"/> holds is everybody: writes to it are sent, answered by nobody and ok once they are out;
/// units need the turnaround delay to act on them. Nothing else can be asked of it.
/// </remarks>
internal sealed class ModbusMaster(IModbusLink link, ModbusLinkOptions options, ModbusMetrics metrics, TimeProvider time)
{
    /// <summary>3: a device that is busy for longer than the sum of the pauses is not merely busy.</summary>
    public const int BusyRetries = 3;

    /// <summary>50 ms, doubling.</summary>
    public static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(50);

    private readonly byte[] _request = new byte[ModbusLimits.Pdu];
    private readonly byte[] _response = new byte[ModbusLimits.Pdu];
    private int _length;

    // Timestamps; null: no pause is due.
    private long? _lastEnd;
    private long? _lastBroadcast;

    /// <summary>The values of the last read that was ok; valid until the next request.</summary>
    public ReadOnlySpan<byte> Values => _response.AsSpan(ResponsePdu.DataOffset);

    /// <summary>Why the line closed itself; null while it is open.</summary>
    public LineFault? Fault => link.Fault;

    /// <inheritdoc cref="IModbusLink.IsBroadcast"/>
    public bool IsBroadcast(byte unit) => link.IsBroadcast(unit);

    /// <summary>Functions 1 to 4.</summary>
    public ValueTask<TransactionResult> ReadAsync(byte unit, PlannedRead read, CancellationToken cancellation) => ReadAsync(unit, read.Space, read.Address, read.Count, cancellation);

    /// <summary>Functions 1 to 4; what came is in <see cref="Values"/>.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="space">Which table.</param>
    /// <param name="address">First bit or register.</param>
    /// <param name="count">How many, within <see cref="ModbusLimits"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    public ValueTask<TransactionResult> ReadAsync(byte unit, RegisterSpace space, ushort address, int count, CancellationToken cancellation) =>
        AskAsync(unit, RequestPdu.Read(_request, space.ReadFunction(), address, count), cancellation, options.ReadRetries);

    /// <summary>Functions 5, 6, 16: one coil or one register by its own function, more registers by the other.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="point">Where.</param>
    /// <param name="wire">Registers as on the wire; for a coil one byte, 0 or 1.</param>
    /// <param name="cancellation">Ends it.</param>
    public ValueTask<TransactionResult> WriteAsync(byte unit, ModbusPoint point, ReadOnlyMemory<byte> wire, CancellationToken cancellation) =>
        WriteAsync(unit, RequestPdu.Write(_request, point.Space, point.Address, wire.Span), cancellation);

    /// <summary>Function 5.</summary>
    public ValueTask<TransactionResult> WriteCoilAsync(byte unit, ushort address, bool on, CancellationToken cancellation) =>
        WriteAsync(unit, RequestPdu.WriteCoil(_request, address, on), cancellation);

    /// <summary>Function 6.</summary>
    public ValueTask<TransactionResult> WriteRegisterAsync(byte unit, ushort address, ushort value, CancellationToken cancellation) =>
        WriteAsync(unit, RequestPdu.WriteRegister(_request, address, value), cancellation);

    /// <summary>Function 15.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="address">First coil.</param>
    /// <param name="count">Number of coils, at most 1968.</param>
    /// <param name="bits">Eight coils a byte, the first in bit 0.</param>
    /// <param name="cancellation">Ends it.</param>
    public ValueTask<TransactionResult> WriteCoilsAsync(byte unit, ushort address, int count, ReadOnlySpan<byte> bits, CancellationToken cancellation) =>
        WriteAsync(unit, RequestPdu.WriteCoils(_request, address, count, bits), cancellation);

    /// <summary>Function 16, also for one register.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="address">First register.</param>
    /// <param name="registers">Two bytes for each of at most 123 registers, as on the wire.</param>
    /// <param name="cancellation">Ends it.</param>
    public ValueTask<TransactionResult> WriteRegistersAsync(byte unit, ushort address, ReadOnlySpan<byte> registers, CancellationToken cancellation) =>
        WriteAsync(unit, RequestPdu.WriteRegisters(_request, address, registers), cancellation);

    /// <summary>Function 22: sets and clears bits of a register without touching the others, in the device. Many devices refuse it (illegal function).</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="address">The register.</param>
    /// <param name="and">Bits that stay.</param>
    /// <param name="or">What the others become.</param>
    /// <param name="cancellation">Ends it.</param>
    public ValueTask<TransactionResult> MaskWriteAsync(byte unit, ushort address, ushort and, ushort or, CancellationToken cancellation) =>
        WriteAsync(unit, RequestPdu.MaskWrite(_request, address, and, or), cancellation);

    /// <summary>Function 23: writes registers, then reads others, in one request; what came is in <see cref="Values"/>.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="readAddress">First register to read.</param>
    /// <param name="readCount">How many to read, at most 125.</param>
    /// <param name="writeAddress">First register to write.</param>
    /// <param name="registers">Two bytes for each of at most 121 registers, as on the wire.</param>
    /// <param name="cancellation">Ends it.</param>
    public ValueTask<TransactionResult> ReadWriteAsync(
        byte unit, ushort readAddress, int readCount, ushort writeAddress, ReadOnlySpan<byte> registers, CancellationToken cancellation) =>
        AskAsync(unit, RequestPdu.ReadWrite(_request, readAddress, readCount, writeAddress, registers), cancellation);

    /// <summary>Function 8.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="what">Sub-function.</param>
    /// <param name="data">What is echoed; 0 for the counters.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The answer's data, meaningless unless the result is ok.</returns>
    public async ValueTask<(TransactionResult Result, ushort Data)> DiagnoseAsync(byte unit, DiagnosticFunction what, ushort data, CancellationToken cancellation)
    {
        var result = await AskAsync(unit, RequestPdu.Diagnose(_request, what, data), cancellation);
        return (result, result.IsOk ? ResponsePdu.Diagnosis(_response) : default);
    }

    /// <summary>Function 43/14, as often as the device has more to tell.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="level">How much is asked for; a device tells what it has of it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="from">With <see cref="IdentificationLevel.One"/>: which object.</param>
    /// <returns>null: see the result.</returns>
    public async ValueTask<(TransactionResult Result, DeviceIdentity? Identity)> IdentifyAsync(
        byte unit, IdentificationLevel level, CancellationToken cancellation, byte from = 0)
    {
        var reader = new IdentityReader(level, from);
        while (true)
        {
            var result = await AskAsync(unit, reader.Request(_request), cancellation);
            if (!result.IsOk)
            {
                return (result, null);
            }

            if (!reader.TryTake(_response.AsSpan(0, _length), out var identity))
            {
                metrics.Failed(TransactionResult.Invalid);
                return (TransactionResult.Invalid, null);
            }

            if (identity is not null)
            {
                return (result, identity);
            }
        }
    }

    /// <summary>A request as it is, for tools; checked by nobody but the line.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="request">Request PDU.</param>
    /// <param name="response">Where the response PDU goes, be it an exception; at least <see cref="ModbusLimits.Pdu"/> bytes.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<LinkReply> ExchangeAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        await RestAsync(cancellation);
        metrics.Request();
        var reply = await link.TransactAsync(unit, request, response, cancellation);
        Ended(unit);
        if (reply.Status != TransactionStatus.Ok)
        {
            metrics.Failed(new(reply.Status));
        }

        return reply;
    }

    /// <summary>Leaves the line alone for that long.</summary>
    public ValueTask PauseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        if (pause <= TimeSpan.Zero)
        {
            return ValueTask.CompletedTask;
        }

        if (!link.Blocks)
        {
            return new(Task.Delay(pause, time, cancellation));
        }

        cancellation.WaitHandle.WaitOne(pause);
        return cancellation.IsCancellationRequested ? ValueTask.FromCanceled(cancellation) : ValueTask.CompletedTask;
    }

    /// <summary>What is in <see cref="_request"/>, to one unit.</summary>
    private ValueTask<TransactionResult> AskAsync(byte unit, int length, CancellationToken cancellation, int retries = 0) =>
        link.IsBroadcast(unit) ? throw new ArgumentOutOfRangeException(nameof(unit), unit, "nobody answers to everybody's address")
        : retries == 0 ? TransactAsync(unit, length, cancellation)
        : RepeatAsync(unit, length, retries, cancellation);

    /// <summary>What is in <see cref="_request"/>, to one unit or to all. A unit that says that it is busy (exception 6) has not carried it out: it is asked again.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TransactionResult> WriteAsync(byte unit, int length, CancellationToken cancellation)
    {
        for (var busy = 0; ; busy++)
        {
            var result = await RepeatAsync(unit, length, options.WriteRetries, cancellation);
            if (result.Exception != ExceptionCode.ServerDeviceBusy || busy == BusyRetries)
            {
                return result;
            }

            await PauseAsync(BusyPause * (1 << busy), cancellation);
        }
    }

    /// <summary>Again after no good answer, on a line that may have to be opened for it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TransactionResult> RepeatAsync(byte unit, int length, int retries, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await TransactAsync(unit, length, cancellation);
            if (retries-- == 0 || result.Status is not (TransactionStatus.Timeout or TransactionStatus.Invalid))
            {
                return result;
            }

            if (!link.IsOpen)
            {
                if (await link.OpenAsync(cancellation) is not null)
                {
                    return result;
                }

                metrics.Connected();
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TransactionResult> TransactAsync(byte unit, int length, CancellationToken cancellation)
    {
        await RestAsync(cancellation);
        metrics.Request();
        var reply = await link.TransactAsync(unit, _request.AsMemory(0, length), _response, cancellation);
        _length = reply.Length;
        Ended(unit);
        var result = reply.Status == TransactionStatus.Ok && !link.IsBroadcast(unit)
            ? ResponsePdu.Check(_response.AsSpan(0, reply.Length), _request.AsSpan(0, length))
            : new(reply.Status);
        if (!result.IsOk)
        {
            metrics.Failed(result);
        }

        return result;
    }

    private void Ended(byte unit)
    {
        if (options.DelayBetweenRequests > TimeSpan.Zero)
        {
            _lastEnd = time.GetTimestamp();
        }

        if (link.IsBroadcast(unit))
        {
            _lastBroadcast = time.GetTimestamp();
        }
    }

    private ValueTask RestAsync(CancellationToken cancellation)
    {
        var rest = Rest(_lastEnd, options.DelayBetweenRequests);
        var turnaround = Rest(_lastBroadcast, options.TurnaroundDelay);
        _lastBroadcast = null;
        rest = turnaround > rest ? turnaround : rest;
        return PauseAsync(rest, cancellation);
    }

    private TimeSpan Rest(long? since, TimeSpan pause) => since is { } from ? pause - time.GetElapsedTime(from) : TimeSpan.Zero;
}
