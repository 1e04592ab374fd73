using System.Text;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>One value that shall go into a device.</summary>
/// <param name="Name">What people call the place.</param>
/// <param name="Range">Where.</param>
/// <param name="Wire">Registers as on the wire; of a coil one byte, 0 or 1.</param>
/// <param name="Value">The value.</param>
/// <param name="Decode">What registers that were read mean.</param>
internal sealed record WriteWish(string Name, RegisterRange Range, byte[] Wire, PointValue Value, Func<byte[], PointValue> Decode)
{
    /// <summary><c>21.5 (00D7)</c>; of coils <c>on</c>.</summary>
    public string Shown(byte[] values) => Range.Space.IsBits() ? (RegisterTables.Bit(values, 0) ? "on" : "off") : $"{RegisterTables.Shown(Decode(values))} ({RegisterText.Hex(values)})";

    public bool IsThere(byte[] values) => Range.Space.IsBits() ? RegisterTables.Bit(values, 0) == (Wire[0] != 0) : values.AsSpan().SequenceEqual(Wire);
}

/// <summary>A register by its address.</summary>
internal static class RegisterWish
{
    /// <param name="at">Where.</param>
    /// <param name="text">The value.</param>
    /// <param name="type">As what; null: one register, or a coil.</param>
    /// <param name="order">Of its bytes.</param>
    /// <param name="problem">Why it cannot be written; null: it can.</param>
    public static WriteWish? Of(RegisterAddress at, string text, ModbusType? type, ByteOrder order, out string? problem)
    {
        var value = CommandDocument.Plain("", Encoding.UTF8.GetBytes(text is "on" ? "true" : text is "off" ? "false" : text)).Set[0].Value;
        var asked = type ?? (value.Kind == PointValueKind.Exact && value.Exact < 0 ? ModbusType.Int16 : ModbusType.UInt16);
        var range = new RegisterRange(at.Space, at.Address, at.Space.IsBits() ? 1 : asked.Width());
        problem = !at.Space.IsWritable() ? $"Modbus cannot write the {at.Space.Word()} table; name a {(at.Space.IsBits() ? "coil" : "holding register")} instead"
            : type is not null && at.Space.IsBits() ? "a coil is one bit; leave --type out"
            : range.End > ushort.MaxValue + 1 ? "the last register is 65535"
            : null;
        if (problem is not null)
        {
            return null;
        }

        var wire = new byte[range.Bytes];
        if (at.Space.IsBits())
        {
            problem = Bit(value, wire);
            return problem is null ? new($"{range}", range, wire, value, static v => PointValue.Of(RegisterTables.Bit(v, 0))) : null;
        }

        problem = RegisterText.Encode(value, asked, order, wire);
        problem = problem is not null && type is null ? $"{problem}; name another --type for more than one register" : problem;
        return problem is null ? new($"{range}", range, wire, value, v => RegisterText.Value(v, asked, order)) : null;
    }

    internal static string? Bit(PointValue value, byte[] wire)
    {
        var problem = PointCodec.EncodeBit(value, out var on);
        wire[0] = on ? (byte)1 : (byte)0;
        return problem is null ? null : $"{problem}; write on or off";
    }
}

/// <summary>A point of the configuration, within its limits.</summary>
internal static class PointWish
{
    /// <exception cref="ControlException">It may not be written, or not so.</exception>
    public static WriteWish Of(DeviceOptions device, string id, string text)
    {
        var hasLabels = PointReader.Find(device, id)[0].Labels is not null;
        if (CommandCheck.Resolve(device, "", CommandDocument.Plain(id, Encoding.UTF8.GetBytes(hasLabels ? text : text is "on" ? "true" : text is "off" ? "false" : text)), out var writes) is { } refusal)
        {
            throw new ControlException(
                ControlProblem.Failed, refusal.Detail ?? refusal.Reason ?? "it may not be written",
                refusal.Reason == CommandReason.NotWritable ? $"add write: {{}} to the point, or name its register: {device.Points.First(p => p.Id == id).Address}" : "its limits stand in the configuration");
        }

        var (point, value) = writes[0];
        if (!PointReader.RangeOf(point).Space.IsBits() && new PointCodec(point).IsPart)
        {
            throw new ControlException(
                ControlProblem.Failed, $"{id} is a part of its register ({point.Address}), and this writes whole registers", "write the register by its address, or let the gateway write the point: publish to its set topic");
        }

        var range = PointReader.RangeOf(point);
        var wire = new byte[range.Bytes];
        var problem = range.Space.IsBits() ? RegisterWish.Bit(value, wire) : new PointCodec(point).Encode(value, wire);
        return problem is null
            ? new($"{device.Id}/{id} ({point.Address})", range, wire, value, v => PointReader.Decode(point, v))
            : throw new ControlException(ControlProblem.Failed, problem, "nothing was written");
    }
}
