using System.Globalization;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>A unit that answered.</summary>
/// <param name="Unit">Unit identifier.</param>
/// <param name="Evidence">What it answered to the question, for people.</param>
/// <param name="Identity">What it tells about itself; null: nothing.</param>
public sealed record FoundUnit(byte Unit, string Evidence, DeviceIdentity? Identity)
{
    /// <summary>Vendor, product and revision, as far as it tells them.</summary>
    public string? Name => Identity is { Objects.Count: > 0 } identity ? string.Join(' ', identity.Objects.Select(static o => o.Text).Where(static t => t.Length > 0)) : null;
}

/// <summary>Finds out whether a unit is there, by reading only: one holding register, then who it is.</summary>
/// <param name="field">Has the line.</param>
/// <param name="time">The clock.</param>
public sealed class UnitProbe(IFieldAccess field, TimeProvider time)
{
    /// <summary>What nearly every device has; one that has not refuses it, which tells as much.</summary>
    private static readonly RegisterRange s_question = new(RegisterSpace.Holding, 0, 1);

    /// <param name="unit">Whom to ask.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The unit; or null, and why nobody at all can be asked if that is why.</returns>
    public async ValueTask<(FoundUnit? Unit, FieldReply? Trouble)> AskAsync(byte unit, CancellationToken cancellation)
    {
        var reply = await new RegisterAccess(field, unit, time).ReadAsync(s_question, cancellation);
        if (reply.Outcome == FieldOutcome.NotSent)
        {
            return (null, FieldReply.NotSent(reply.Reason!, reply.Remedy!));
        }

        // A gateway device that answers for a unit that does not (exceptions 10 and 11) says that nobody is there.
        if (reply.Outcome != FieldOutcome.Answered || reply.Exception is ExceptionCode.GatewayPathUnavailable or ExceptionCode.GatewayTargetFailed)
        {
            return (null, null);
        }

        var evidence = reply.IsOk
            ? $"{s_question} is {Convert.ToHexString(reply.Values.Span)}"
            : string.Create(CultureInfo.InvariantCulture, $"refuses {s_question} (exception {(byte)reply.Exception})");
        return (new(unit, evidence, await IdentifyAsync(unit, cancellation)), null);
    }

    /// <summary>Function 43/14, as often as the device has more to tell; null: it does not speak it.</summary>
    private async ValueTask<DeviceIdentity?> IdentifyAsync(byte unit, CancellationToken cancellation)
    {
        var reader = new IdentityReader(IdentificationLevel.Basic);
        var request = new byte[ModbusLimits.Pdu];
        while (true)
        {
            var length = reader.Request(request);
            var reply = await field.AskAsync(new(unit.ToString(CultureInfo.InvariantCulture), request.AsMemory(0, length)), cancellation);
            if (reply.Outcome != FieldOutcome.Answered || !ResponsePdu.Check(reply.Bytes.Span, request.AsSpan(0, length)).IsOk || !reader.TryTake(reply.Bytes.Span, out var identity))
            {
                return null;
            }

            if (identity is not null)
            {
                return identity;
            }
        }
    }
}
