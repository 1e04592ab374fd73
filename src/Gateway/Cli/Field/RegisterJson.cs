using System.Text.Json.Nodes;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary>Registers for programs.</summary>
internal static class RegisterJson
{
    public static JsonObject Of(OpenLine line, RegisterRange range, ReadOnlySpan<byte> values, ReadWish wish)
    {
        var document = Head(line);
        document["space"] = range.Space.Word();
        document["address"] = (int)range.Address;
        if (range.Space.IsBits())
        {
            document["values"] = Bits(range, values);
            return document;
        }

        document["registers"] = Registers(values);
        if (wish.Type is { } type)
        {
            document["type"] = type.Word();
            document["order"] = wish.Order.Word();
            document["values"] = Values(values, type, wish.Order);
        }

        return document;
    }

    public static JsonObject Head(OpenLine line) => new() { ["link"] = line.Name, ["line"] = line.Address, ["held-by-gateway"] = line.IsHeld, ["unit"] = (int)line.Unit };

    /// <summary>As a number where JSON can, else as text; null is not a number.</summary>
    public static JsonNode? Number(PointValue value) => value.Kind switch
    {
        PointValueKind.None => null,
        PointValueKind.Boolean => value.Boolean,
        PointValueKind.Exact => value.Exact,
        PointValueKind.Single => value.Single,
        PointValueKind.Double => value.Double,
        _ => value.ToString(),
    };

    private static JsonArray Bits(RegisterRange range, ReadOnlySpan<byte> values)
    {
        var array = new JsonArray();
        for (var i = 0; i < range.Count; i++)
        {
            array.Add((JsonNode)RegisterTables.Bit(values, i));
        }

        return array;
    }

    private static JsonArray Registers(ReadOnlySpan<byte> values)
    {
        var array = new JsonArray();
        for (var i = 0; i + 1 < values.Length; i += 2)
        {
            array.Add((JsonNode)(int)RegisterText.Unsigned(values[i..]));
        }

        return array;
    }

    private static JsonArray Values(ReadOnlySpan<byte> values, ModbusType type, ByteOrder order)
    {
        var array = new JsonArray();
        var width = type.Width() * 2;
        for (var i = 0; i + width <= values.Length; i += width)
        {
            array.Add(Number(RegisterText.Value(values.Slice(i, width), type, order)));
        }

        return array;
    }
}
