using System.Buffers.Binary;
using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Modbus;

/// <summary>Carries out one write: once on the wire, never repeated; then reads back and compares the raw registers.</summary>
internal sealed class ModbusWriter(ModbusMaster master, PresenceBoard presence, LineKeeper line, IReadingSink sink, TimeProvider time, ILogger log)
{
    /// <summary>Pauses before reading back: at once, then for devices that need a moment to take a value over.</summary>
    private static readonly TimeSpan[] ReadBackPauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200)];

    private const string NoMaskWrite = "illegal function: the device has no mask write; add write-bits: read-modify-write to the point";

    public async ValueTask ExecuteAsync(WriteRequest request, bool isUp, CancellationToken cancellation)
    {
        var result = new WriteResult(false, "the link stopped meanwhile: not known whether the device took it", null);
        try
        {
            var breaker = request.Device.Unit.Breaker;
            result = !isUp ? new(false, line.Fault?.Reason ?? "not connected", null)
                : breaker.MayWrite(time.GetTimestamp()) ? await WriteAsync(request, cancellation)
                : new(false, $"not sent: the device does not answer ({breaker.Reason})", null);
        }
        finally
        {
            Log(request, result);
            request.Result.TrySetResult(result);
        }
    }

    private async ValueTask<WriteResult> WriteAsync(WriteRequest request, CancellationToken cancellation)
    {
        var unit = request.Device.Unit;
        var written = request.IsPart ? await WritePartAsync(request, cancellation) : await master.WriteAsync(unit.Id, (ModbusPoint)request.Point.Address, request.Wire, cancellation);
        if (!written.IsOk && written.Exception != ExceptionCode.Acknowledge)
        {
            Judge(unit, written);
            return new(false, written is { Exception: ExceptionCode.IllegalFunction } && request.IsPart ? NoMaskWrite : written.Status == TransactionStatus.Exception ? written.Reason : $"{written.Reason}: not known whether the device took it", null);
        }

        Judge(unit, written);
        return master.IsBroadcast(unit.Id) ? new(true, null, null) : await ReadBackAsync(request, cancellation);
    }

    /// <summary>Function 22, or what stands in for it: nobody else writes on this line in between, but the device may.</summary>
    private async ValueTask<TransactionResult> WritePartAsync(WriteRequest request, CancellationToken cancellation)
    {
        var (unit, address) = (request.Device.Unit.Id, (ModbusPoint)request.Point.Address);
        if (address.PartWrites == PartWrites.MaskWrite)
        {
            return await master.MaskWriteAsync(unit, address.Address, (ushort)~request.Mask, request.Bits, cancellation);
        }

        var read = await master.ReadAsync(unit, PlannedRead.Over([request.Point]), cancellation);
        return read.IsOk
            ? await master.WriteRegisterAsync(unit, address.Address, (ushort)((BinaryPrimitives.ReadUInt16BigEndian(master.Values) & ~request.Mask) | request.Bits), cancellation)
            : read;
    }

    private async ValueTask<WriteResult> ReadBackAsync(WriteRequest request, CancellationToken cancellation)
    {
        var read = PlannedRead.Over([request.Point]);
        var result = new WriteResult(false, "not read back", null);
        foreach (var pause in ReadBackPauses)
        {
            await master.PauseAsync(pause, cancellation);
            var answer = await master.ReadAsync(request.Device.Unit.Id, read, cancellation);
            Judge(request.Device.Unit, answer);
            if (!answer.IsOk)
            {
                result = new(false, $"written, but not read back: {answer.Reason}", null);
                if (answer.Exception is ExceptionCode.Acknowledge or ExceptionCode.ServerDeviceBusy)
                {
                    continue;
                }

                return result;
            }

            result = Compare(request, master.Values[..read.Bytes]);
            if (result.Ok)
            {
                sink.Report(Reading.Good(request.Point, result.ReadBack!.Value, time.GetUtcNow()));
                return result;
            }
        }

        return result;
    }

    private static WriteResult Compare(WriteRequest request, ReadOnlySpan<byte> raw)
    {
        if (((ModbusPoint)request.Point.Address).Space == RegisterSpace.Coil)
        {
            var on = (raw[0] & 1) != 0;
            var same = on == (request.Wire.Span[0] != 0);
            return new(same, same ? null : $"the device holds {PointValue.Of(on)} instead", PointValue.Of(on));
        }

        if (!new PointCodec(request.Point).TryDecode(raw, out var value, out var problem))
        {
            return new(false, $"the device holds what is bad: {problem}", null);
        }

        return request.IsIn(raw) ? new(true, null, value) : new(false, $"the device holds {value} instead", value);
    }

    private void Judge(ModbusUnit unit, in TransactionResult result)
    {
        if (result.UnitAnswered)
        {
            line.Carried();
            presence.Answered(unit);
        }
        else if (result.Status != TransactionStatus.Closed)
        {
            presence.Unanswered(unit, result.Reason, result.Remedy, time.GetTimestamp());
        }
    }

    private void Log(WriteRequest request, in WriteResult result)
    {
        if (result.Ok)
        {
            log.Written(request.Point.Device, request.Point.Id, request.Value.ToString());
        }
        else
        {
            log.WriteFailed(request.Point.Device, request.Point.Id, request.Value.ToString(), result.Reason!);
        }
    }
}
