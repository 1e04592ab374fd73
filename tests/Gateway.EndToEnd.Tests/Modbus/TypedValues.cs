using System.Globalization;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.EndToEnd.Tests.Modbus;

/// <summary>A value that a <see cref="TypedPeer"/> holds, and one to write there.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Order">Its order.</param>
/// <param name="Offset">From input register 1000, and from holding register 2000.</param>
/// <param name="Read">What the peer holds.</param>
/// <param name="Write">What is written.</param>
internal sealed record TypedValue(ModbusType Type, ByteOrder Order, int Offset, string Read, string Write)
{
    /// <summary>As the peer calls it.</summary>
    public string Key => $"{Type.Word()}-{Order.Word()}";

    public string Id => Key.ToLowerInvariant();

    /// <summary>As in <c>type:</c>.</summary>
    public string TypeWord => At(2000).TypeWord;

    public bool IsText => Type.IsText();

    public PointValue ReadValue => Value(Read);

    public PointValue WriteValue => Value(Write);

    public ModbusPoint At(int first) => new(first == 1000 ? RegisterSpace.Input : RegisterSpace.Holding, (ushort)(first + Offset), Type, Order) { Number = IsText ? 8 : 0 };

    /// <summary>In the peer's or the design's words.</summary>
    public PointValue Value(string text) => Type switch
    {
        ModbusType.Float16 or ModbusType.Float32 => PointValue.Of(float.Parse(text, CultureInfo.InvariantCulture)),
        ModbusType.Float64 => PointValue.Of(double.Parse(text, CultureInfo.InvariantCulture)),
        ModbusType.String or ModbusType.Bytes => PointValue.Of(text),
        _ => PointValue.Of(decimal.Parse(text, CultureInfo.InvariantCulture)),
    };
}

/// <summary>All of them: every type in every order.</summary>
internal static class TypedValues
{
    /// <summary>What registers 1400 and 2400 hold at first.</summary>
    public const string Parts = "a5c3";

    /// <summary>Parts of register 1400: type, its value.</summary>
    public static readonly (string Id, string Type, string Read)[] ReadParts =
        [("high", "int8 hi", "-91"), ("low", "uint8 lo", "195"), ("bit-0", "bit 0", "true"), ("bit-2", "bit 2", "false"), ("field", "uint16, mask: 0x0FF0", "92")];

    /// <summary>What is written to parts of register 2400, one after the other, and what it holds then.</summary>
    public static readonly (string Id, string Type, string Write, string Then)[] WrittenParts =
        [("high", "int8 hi", "-2", "fec3"), ("bit-2", "bit 2", "true", "fec7"), ("field", "uint16, mask: 0x0FF0", "1", "f017")];

    private static readonly (ModbusType Type, string Read, string Write)[] Numbers =
    [
        (ModbusType.Int16, "-1234", "-4321"),
        (ModbusType.UInt16, "54321", "60000"),
        (ModbusType.Int32, "-123456789", "-987654321"),
        (ModbusType.UInt32, "3456789012", "4000000000"),
        (ModbusType.Int64, "-1234567890123456789", "-8000000000000000001"),
        (ModbusType.UInt64, "12345678901234567890", "18000000000000000001"),
        (ModbusType.Float32, "231.4", "0.1"),
        (ModbusType.Float64, "-2.718281828459045", "1.1"),
    ];

    private static readonly (ModbusType Type, string Read, string Write)[] More =
    [
        (ModbusType.Float16, "0.1", "-2.5"),
        (ModbusType.Bcd16, "9012", "1234"),
        (ModbusType.Bcd32, "12345678", "87654321"),
        (ModbusType.String, "Zähl 12", "abc"),
        (ModbusType.Bytes, "00ff10a0deadbeef", "0123456789abcdef"),
    ];

    public static IReadOnlyList<TypedValue> All { get; } =
    [
        .. Of(Numbers, ByteOrders.Common, 0),
        .. Of(More, ByteOrders.Common, 200),
        .. Of([Numbers[4], Numbers[5], Numbers[7]], ByteOrders.OfFourRegisters, 300),
    ];

    private static IEnumerable<TypedValue> Of((ModbusType Type, string Read, string Write)[] types, IReadOnlyList<ByteOrder> orders, int first) =>
        types.SelectMany((t, i) => orders.Select((order, o) => new TypedValue(t.Type, order, first + (i * 16) + (o * 4), t.Read, t.Write)));
}
