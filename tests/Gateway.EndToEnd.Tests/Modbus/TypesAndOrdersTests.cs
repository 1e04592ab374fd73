using Gateway.Adapters.Modbus;
using Gateway.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.EndToEnd.Tests.Modbus;

/// <summary>Every type in every order, from and to devices that share no code with us.</summary>
public class TypesAndOrdersTests
{
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

        foreach (var value in TypedValues.All)
        {
            Assert.Equal(value.Read, (await readings.ValueAsync($"read-{value.Id}")).ToString());
        }

        Assert.Equal(PointValue.Of(true), await readings.ValueAsync("coil-5"));
        Assert.Equal(PointValue.Of(true), await readings.ValueAsync("discrete-7"));
        Assert.Equal(PointValue.Of(false), await readings.ValueAsync("coil-20"));

        await WriteAllAsync(adapter, device);
        await AssertWrittenAsync(peer, TypedValues.Parts);
        await stop.CancelAsync();
        await running;
    }

    private static async Task WriteAllAsync(IAdapter adapter, DeviceOptions device)
    {
        Assert.Equal(new WriteResult(true, null, PointValue.Of(true)), await adapter.WriteAsync(device.Points.First(p => p.Id == "coil-20"), PointValue.Of(true), default));
        foreach (var value in TypedValues.All)
        {
            Assert.Equal(new WriteResult(true, null, value.WriteValue), await adapter.WriteAsync(device.Points.First(p => p.Id == $"write-{value.Id}"), value.WriteValue, default));
        }
    }

    /// <param name="peer">What was written to.</param>
    /// <param name="parts">What the register holds whose parts may have been written.</param>
    internal static async Task AssertWrittenAsync(TypedPeer peer, string parts)
    {
        var written = await peer.DumpAsync();
        Assert.Equal(("1", "0", parts), (written["coil-20"], written["coil-21"], written["parts"]));
        foreach (var value in TypedValues.All)
        {
            Assert.Equal((value.Key, value.WriteValue), (value.Key, value.Value(written[value.Key])));
        }
    }

    private static DeviceOptions Device(int port)
    {
        List<PointOptions> points =
        [
            Point("coil-5", new(RegisterSpace.Coil, 5, ModbusType.Bool)),
            Point("discrete-7", new(RegisterSpace.Discrete, 7, ModbusType.Bool)),
            Point("coil-20", new(RegisterSpace.Coil, 20, ModbusType.Bool)) with { Write = new(null, null) },
            .. TypedValues.All.Select(v => Point($"read-{v.Id}", v.At(1000))),
            .. TypedValues.All.Select(v => Point($"write-{v.Id}", v.At(2000)) with { Write = new(null, null) }),
        ];
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
