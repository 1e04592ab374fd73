using Gateway.Adapters;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>A device with unit-id 0 on a serial line is everybody.</summary>
public sealed class BroadcastTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Write_ToEverybody_ReachesEachUnitAndTheLineGoesOn(bool isAscii, bool overTcp)
    {
        await using var server = overTcp ? ModbusSerialServer.BehindDeviceServer() : ModbusSerialServer.OnTerminal(isAscii: isAscii);
        foreach (var id in (byte[])[1, 2])
        {
            server.Unit(id).SetRegister(RegisterSpace.Holding, 10, 1111);
        }

        ModbusLinkOptions link = overTcp ? new ModbusRtuOverTcpOptions("line", default) { Host = "127.0.0.1", Port = server.Endpoint!.Port }
            : isAscii ? new ModbusAsciiOptions("line", default) { Serial = new(server.Device, 115200, DataBits: 7) }
            : new ModbusRtuOptions("line", default) { Serial = new(server.Device, 115200) };
        link = link with { Timeout = ThreeReads.Patient, TurnaroundDelay = TimeSpan.FromMilliseconds(20) };
        var everybody = TestMap.Device(link, "all", 0, TestMap.Holding(20).Writable());
        var device = TestMap.Device(link, "device", 1, TestMap.Holding(10));
        await using var adapter = AdapterCatalog.All.First(t => t.Type == link.Type).Create(link, [everybody, device], TimeProvider.System, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var sink = new RecordingSink();
        var running = adapter.RunAsync(sink, stop.Token);
        await sink.GoodAsync("h10");
        await sink.StateAsync("all", s => s.Online);

        Assert.Equal(new WriteResult(true, null, null), await adapter.WriteAsync(everybody.Points[0], PointValue.Of(77m), default));
        var mark = sink.Mark;
        await sink.GoodAsync("h10", mark);
        Assert.Equal((77, 77), (server.Unit(1).Register(RegisterSpace.Holding, 20), server.Unit(2).Register(RegisterSpace.Holding, 20)));
        Assert.DoesNotContain(sink.Readings, r => r.Point.Device == "all" || r.Quality != Quality.Good);
        await stop.CancelAsync();
        await running;
    }
}
