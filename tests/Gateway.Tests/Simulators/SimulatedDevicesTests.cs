using Gateway.Adapters;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;
using Gateway.Tests.Adapters;
using Gateway.Tests.Adapters.Modbus;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Simulators;

public class SimulatedDevicesTests
{
    private static readonly PointOptions Setpoint =
        TestMap.Point("setpoint", RegisterSpace.Holding, 200, ModbusType.Int16, every: 60_000) with { Scale = 0.1m, Write = new(20, 80) };

    private static DeviceOptions Boiler() => TestMap.Device(
        TestMap.Link(502), "boiler", 17,
        TestMap.Point("temperature", RegisterSpace.Holding, 100, ModbusType.Float32, ByteOrder.Cdab),
        TestMap.Point("energy", RegisterSpace.Input, 0, ModbusType.UInt32) with { Scale = 0.001m },
        TestMap.Point("power", RegisterSpace.Input, 10, ModbusType.Int16) with { Scale = 0.1m },
        TestMap.Point("pump", RegisterSpace.Coil, 3, ModbusType.Bool),
        Setpoint);

    [Fact]
    public async Task For_ALinkInsideTls_HasCertificatesThatGoWithIt()
    {
        var link = new ModbusTlsOptions("secure", default) { Host = "192.0.2.26", Tls = new("/none/ca.crt", "/none/gw.crt", "/none/gw.key"), Timeout = TimeSpan.FromSeconds(5) };
        var simulated = await SimulatedDevices.StartAsync([TestMap.Device(link, "feeder", 1, TestMap.Holding(1))], TimeProvider.System);
        var tls = ((ModbusTlsOptions)simulated.Links["secure"].Options).Tls;
        await using (var adapter = new ModbusTlsType().Create(simulated.Devices[0].Link, simulated.Devices, TimeProvider.System, NullLoggerFactory.Instance))
        {
            using var stop = new CancellationTokenSource();
            var sink = new RecordingSink();
            var running = adapter.RunAsync(sink, stop.Token);
            await sink.GoodAsync(simulated.Devices[0].Points[0].Id);
            await stop.CancelAsync();
            await running;
        }

        Assert.True(File.Exists(tls.Ca));
        await simulated.DisposeAsync();
        Assert.False(Directory.Exists(Path.GetDirectoryName(tls.Ca)));
    }

    [Fact]
    public async Task For_UsersOwnConfiguration_AnswersEveryPointAndMoves()
    {
        var time = new FakeTime();
        await using var simulated = await SimulatedDevices.StartAsync([Boiler()], time);
        var device = Assert.Single(simulated.Devices);
        await using var adapter = AdapterCatalog.All[0].Create(device.Link, simulated.Devices, TimeProvider.System, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var sink = new RecordingSink();
        var running = adapter.RunAsync(sink, stop.Token);
        foreach (var point in device.Points)
        {
            await sink.GoodAsync(point.Id);
        }

        var mark = sink.Mark;
        var first = sink.Readings.Last(r => r.Point.Id == "temperature").Value;
        time.Advance(TimeSpan.FromSeconds(5));
        await sink.ReadingAsync("temperature", r => r.Value != first && r.Value.Single is >= 0 and <= 100, mark);
        await sink.ReadingAsync("energy", r => r.Value.Exact == 0.05m, mark);

        Assert.True((await adapter.WriteAsync(device.Points[^1], PointValue.Of(42.5m), default)).Ok);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(425, simulated.Links["line"].Unit(17).Register(RegisterSpace.Holding, 200));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public void MovingValue_AnyMoment_StaysInWhatTheRegisterHolds()
    {
        foreach (var type in Enum.GetValues<ModbusType>().Where(t => !t.IsBoolean() && !t.IsText()))
        {
            foreach (var scale in (decimal[])[1, 0.1m, 0.001m, -1, 100])
            {
                var point = TestMap.Holding(0, type) with { Scale = scale };
                var value = new MovingValue(point, 3);
                for (var seconds = 0; seconds < 400; seconds += 7)
                {
                    Assert.Null(new PointCodec(point).Encode(value.At(TimeSpan.FromSeconds(seconds)), new byte[type.Width() * 2]));
                }
            }
        }
    }
}
