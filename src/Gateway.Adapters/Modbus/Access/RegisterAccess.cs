using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Registers of one unit, for tools, through whoever has the line.</summary>
/// <param name="field">Has the line.</param>
/// <param name="unit">Unit identifier.</param>
/// <param name="time">The clock.</param>
public sealed class RegisterAccess(IFieldAccess field, byte unit, TimeProvider time)
{
    /// <summary>Pauses before a busy device is asked again.</summary>
    private static readonly TimeSpan[] s_busyPauses = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300)];

    public byte Unit => unit;

    /// <summary>Functions 1 to 4: one request; another one only when the device says that it is busy.</summary>
    /// <param name="range">At most what one request may read.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<RegisterReply> ReadAsync(RegisterRange range, CancellationToken cancellation)
    {
        var request = new byte[ModbusLimits.Pdu];
        var length = RequestPdu.Read(request, range.Space.ReadFunction(), range.Address, range.Count);
        for (var tries = 0; ; tries++)
        {
            var reply = await field.AskAsync(new(Target, request.AsMemory(0, length)), cancellation);
            var result = Judge(reply, range, isWrite: false, request.AsSpan(0, length));
            if (result.IsOk)
            {
                return result with { Values = reply.Bytes.Slice(ResponsePdu.DataOffset, range.Bytes) };
            }

            if (result.Exception is not (ExceptionCode.ServerDeviceBusy or ExceptionCode.Acknowledge) || tries == s_busyPauses.Length)
            {
                return result;
            }

            await Task.Delay(s_busyPauses[tries], time, cancellation);
        }
    }

    /// <summary>Functions 5, 6, 16: one coil or one register by its own function, more registers by the other. Once, whatever comes of it.</summary>
    /// <param name="space">Coil or holding.</param>
    /// <param name="address">The first.</param>
    /// <param name="wire">Registers as on the wire; of a coil one byte, 0 or 1.</param>
    /// <param name="cancellation">Ends the wait before it is on the wire.</param>
    public async ValueTask<RegisterReply> WriteAsync(RegisterSpace space, ushort address, ReadOnlyMemory<byte> wire, CancellationToken cancellation)
    {
        var request = new byte[ModbusLimits.Pdu];
        var range = new RegisterRange(space, address, space.IsBits() ? 1 : wire.Length / 2);
        var length = RequestPdu.Write(request, space, address, wire.Span);
        var reply = await field.AskAsync(new(Target, request.AsMemory(0, length)), cancellation);
        return Judge(reply, range, isWrite: true, request.AsSpan(0, length));
    }

    private string Target => unit.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private RegisterReply Judge(FieldReply reply, RegisterRange range, bool isWrite, ReadOnlySpan<byte> request)
    {
        if (reply.Outcome != FieldOutcome.Answered)
        {
            return new(reply.Outcome, ExceptionCode.None, default, reply.Reason, reply.Remedy);
        }

        var result = ResponsePdu.Check(reply.Bytes.Span, request);
        if (result.Status == TransactionStatus.Exception)
        {
            var (reason, remedy) = Refusals.Explain(result.Exception, unit, range, isWrite);
            return new(FieldOutcome.Answered, result.Exception, default, reason, remedy);
        }

        return result.IsOk
            ? new(FieldOutcome.Answered, ExceptionCode.None, default)
            : new(FieldOutcome.Unanswered, ExceptionCode.None, default, result.Reason, result.Remedy);
    }
}
