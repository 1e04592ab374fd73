using System.Globalization;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary>Registers for people.</summary>
internal static class RegisterTables
{
    /// <summary>One bit a line.</summary>
    public static IReadOnlyList<string> Bits(RegisterRange range, ReadOnlySpan<byte> values)
    {
        var table = new TextTable("ADDRESS", "VALUE");
        for (var i = 0; i < range.Count; i++)
        {
            table.Add(Address(range, i), Bit(values, i) ? "on" : "off");
        }

        return [.. table.Lines()];
    }

    /// <summary>One value of a known type a line.</summary>
    public static IReadOnlyList<string> Values(RegisterRange range, ReadOnlySpan<byte> values, ModbusType type, ByteOrder order)
    {
        var table = new TextTable("ADDRESS", "HEX", $"\t{type.Word()}{(order == ByteOrder.Abcd ? "" : $" {order.Word()}")}");
        for (var i = 0; i < range.Count; i += type.Width())
        {
            var wire = values.Slice(i * 2, type.Width() * 2);
            table.Add(Address(range, i), RegisterText.Hex(wire), Shown(RegisterText.Value(wire, type, order)));
        }

        return [.. table.Lines()];
    }

    /// <summary>Every register alone, then every two neighbours as one value in all orders.</summary>
    public static IReadOnlyList<string> Everything(RegisterRange range, ReadOnlySpan<byte> values)
    {
        var single = new TextTable("ADDRESS", "HEX", "\tUNSIGNED", "\tSIGNED");
        for (var i = 0; i < range.Count; i++)
        {
            var wire = values.Slice(i * 2, 2);
            single.Add(
                Address(range, i), RegisterText.Hex(wire), RegisterText.Unsigned(wire).ToString(CultureInfo.InvariantCulture), RegisterText.Signed(wire).ToString(CultureInfo.InvariantCulture));
        }

        if (range.Count < 2)
        {
            return [.. single.Lines()];
        }

        var pairs = new TextTable(["TWO FROM", "AS", .. RegisterText.Orders.Select(static o => $"\t{o.Word()}")]);
        for (var i = 0; i + 1 < range.Count; i++)
        {
            var wire = values.Slice(i * 2, 4).ToArray();
            pairs.Add([Address(range, i), ModbusType.Float32.Word(), .. RegisterText.Orders.Select(o => RegisterText.Float(wire, o))]);
            pairs.Add(["", ModbusType.Int32.Word(), .. RegisterText.Orders.Select(o => RegisterText.Int(wire, o))]);
        }

        return [.. single.Lines(), "", .. pairs.Lines()];
    }

    public static bool Bit(ReadOnlySpan<byte> values, int index) => (values[index >> 3] & (1 << (index & 7))) != 0;

    public static string Shown(PointValue value) => value.Kind == PointValueKind.None ? PointCodec.NotANumber : Words.Safe(value.ToString());

    private static string Address(RegisterRange range, int offset) => $"{range.Space.Word()} {range.Address + offset}";
}
