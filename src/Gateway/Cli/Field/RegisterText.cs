using System.Buffers.Binary;
using System.Globalization;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary>Registers in all the ways in which they may be meant.</summary>
internal static class RegisterText
{
    /// <summary>Types that a register can be looked at as.</summary>
    public static IReadOnlyList<ModbusType> Types { get; } =
        [ModbusType.Int16, ModbusType.UInt16, ModbusType.Int32, ModbusType.UInt32, ModbusType.Int64, ModbusType.UInt64, ModbusType.Float32, ModbusType.Float64];

    /// <summary>Those in which two registers can lie.</summary>
    public static IReadOnlyList<ByteOrder> Orders { get; } = ByteOrders.Common;

    /// <summary><c>4367</c>.</summary>
    public static string Hex(ReadOnlySpan<byte> wire)
    {
        var text = Convert.ToHexString(wire);
        return string.Join(' ', text.Chunk(4).Select(static c => new string(c)));
    }

    public static ushort Unsigned(ReadOnlySpan<byte> wire) => BinaryPrimitives.ReadUInt16BigEndian(wire);

    public static short Signed(ReadOnlySpan<byte> wire) => BinaryPrimitives.ReadInt16BigEndian(wire);

    /// <summary>Two registers as a float, short enough to be compared at a glance: seven digits are all that it has.</summary>
    public static string Float(ReadOnlySpan<byte> wire, ByteOrder order) => Float(BitConverter.UInt32BitsToSingle((uint)RegisterCodec.Read(wire, order)));

    public static string Float(float value) => float.IsNaN(value) ? "NaN" : float.IsInfinity(value) ? "infinite" : value.ToString("G7", CultureInfo.InvariantCulture);

    public static string Int(ReadOnlySpan<byte> wire, ByteOrder order) => ((int)(uint)RegisterCodec.Read(wire, order)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Registers as one value of a type, unscaled.</summary>
    public static PointValue Value(ReadOnlySpan<byte> wire, ModbusType type, ByteOrder order) => new PointCodec(Point(type, order)).TryDecode(wire, out var value) ? value : PointValue.None;

    /// <summary>A value of a type as registers.</summary>
    /// <returns>Why it cannot be; null: it can.</returns>
    public static string? Encode(PointValue value, ModbusType type, ByteOrder order, Span<byte> wire) => new PointCodec(Point(type, order)).Encode(value, wire);

    private static PointOptions Point(ModbusType type, ByteOrder order) => new() { Device = "", Id = "", Address = new ModbusPoint(RegisterSpace.Holding, 0, type, order) };
}
