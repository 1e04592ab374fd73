using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Short ways to write links, devices and points.</summary>
internal static class TestMap
{
    public static PointOptions Point(string id, RegisterSpace space, int address, ModbusType type, ByteOrder order = ByteOrder.Abcd, int every = 10) => new()
    {
        Device = "device",
        Id = id,
        Address = new ModbusPoint(space, (ushort)address, type, order) { Number = type.IsText() ? 8 : type == ModbusType.Bit ? 3 : 0 },
        Every = TimeSpan.FromMilliseconds(every),
    };

    public static PointOptions Holding(int address, ModbusType type = ModbusType.UInt16, int every = 10) =>
        Point($"h{address}", RegisterSpace.Holding, address, type, every: every);

    public static PointOptions Writable(this PointOptions point) => point with { Write = new(null, null) };

    public static DeviceOptions Device(ModbusLinkOptions link, string id, byte unit, params PointOptions[] points) => new()
    {
        Id = id,
        Link = link,
        Address = new ModbusDevice(unit),
        Points = [.. points.Select(p => p with { Device = id })],
    };

    /// <summary>A patient link: a busy test machine is not a fault. Tests of timeouts set a short one.</summary>
    public static ModbusTcpOptions Link(int port, int timeout = 5000) => new("line", default)
    {
        Host = "127.0.0.1",
        Port = port,
        Timeout = TimeSpan.FromMilliseconds(timeout),
    };
}
