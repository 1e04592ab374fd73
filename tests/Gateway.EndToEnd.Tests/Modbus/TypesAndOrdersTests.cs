using System.Globalization;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.EndToEnd.Tests.Modbus;

/// <summary>Every type in every order, from and to devices that share no code with us.</summary>
public class TypesAndOrdersTests
{
    internal static readonly (ModbusType Type, string Read, string Write)[] Values =
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

    [Theory]
    [InlineData("pymodbus")]
    [InlineData("libmodbus")]
    public async Task Peer_EveryTypeAndOrder_IsReadRightAndWrittenBack(string library)
    {
        await using var peer = await TypedPeer.StartAsync(library);
        var device = Device(peer.Port);
        await using var adapter = new ModbusTcpType().Create(device.Link, [device], TimeProvider.System, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var readings = new LastReadings();
        var running = adapter.RunAsync(readings, stop.Token);

        foreach (var (type, read, _) in Values)
        {
            foreach (var order in Enum.GetValues<ByteOrder>())
            {
                Assert.Equal(read, (await readings.ValueAsync($"read-{type.Word()}-{order.Word()}")).ToString());
            }
        }

        Assert.Equal(PointValue.Of(true), await readings.ValueAsync("coil-5"));
        Assert.Equal(PointValue.Of(true), await readings.ValueAsync("discrete-7"));
        Assert.Equal(PointValue.Of(false), await readings.ValueAsync("coil-20"));

        await WriteAllAsync(adapter, device);
        await AssertWrittenAsync(peer);
        await stop.CancelAsync();
        await running;
    }

    private static async Task WriteAllAsync(IAdapter adapter, DeviceOptions device)
    {
        foreach (var point in device.Points.Where(p => p.Write is not null))
        {
            var address = (ModbusPoint)point.Address;
            var value = address.Type == ModbusType.Bool ? PointValue.Of(true) : Value(address.Type, Values.First(v => v.Type == address.Type).Write);
            Assert.Equal(new WriteResult(true, null, value), await adapter.WriteAsync(point, value, default));
        }
    }

    internal static async Task AssertWrittenAsync(TypedPeer peer)
    {
        var written = await peer.DumpAsync();
        Assert.Equal(("1", "0"), (written["coil-20"], written["coil-21"]));
        foreach (var (type, _, write) in Values)
        {
            foreach (var order in Enum.GetValues<ByteOrder>())
            {
                Assert.Equal(Value(type, write), Value(type, written[$"{type.Word()}-{order.Word()}"]));
            }
        }
    }

    private static PointValue Value(ModbusType type, string text) => type switch
    {
        ModbusType.Float32 => PointValue.Of(float.Parse(text, CultureInfo.InvariantCulture)),
        ModbusType.Float64 => PointValue.Of(double.Parse(text, CultureInfo.InvariantCulture)),
        _ => PointValue.Of(decimal.Parse(text, CultureInfo.InvariantCulture)),
    };

    private static DeviceOptions Device(int port)
    {
        var points = new List<PointOptions>
        {
            Point("coil-5", new(RegisterSpace.Coil, 5, ModbusType.Bool)),
            Point("discrete-7", new(RegisterSpace.Discrete, 7, ModbusType.Bool)),
            Point("coil-20", new(RegisterSpace.Coil, 20, ModbusType.Bool)) with { Write = new(null, null) },
        };
        for (var i = 0; i < Values.Length; i++)
        {
            foreach (var order in Enum.GetValues<ByteOrder>())
            {
                var (type, offset) = (Values[i].Type, (i * 16) + ((int)order * 4));
                points.Add(Point($"read-{type.Word()}-{order.Word()}", new(RegisterSpace.Input, (ushort)(1000 + offset), type, order)));
                points.Add(Point($"write-{type.Word()}-{order.Word()}", new(RegisterSpace.Holding, (ushort)(2000 + offset), type, order)) with { Write = new(null, null) });
            }
        }

        return new()
        {
            Id = "typed",
            Link = new ModbusTcpOptions("line", default) { Host = "127.0.0.1", Port = port, Timeout = TimeSpan.FromSeconds(5) },
            Address = new ModbusDevice(1),
            Points = points,
        };
    }

    private static PointOptions Point(string id, ModbusPoint address) => new() { Device = "typed", Id = id, Address = address, Every = TimeSpan.FromMilliseconds(100) };
}
