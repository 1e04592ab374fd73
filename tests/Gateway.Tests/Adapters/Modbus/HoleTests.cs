using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

public class HoleTests
{
    private readonly ModbusTcpServer _server = ModbusTcpServer.Start();

    private static PointOptions[] Row(int count, int step = 1) => [.. Enumerable.Range(0, count).Select(i => TestMap.Holding(i * step, every: 20))];

    [Fact]
    public async Task Poll_OneBadPointInABlock_DoesNotSpoilTheOthers()
    {
        _server.Unit(1).Hide(RegisterSpace.Holding, 37);
        await using var adapter = RunningAdapter.Start(_server, Row(100));
        await adapter.Sink.BadAsync("h37", "illegal data address");
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Where(r => r.Quality == Quality.Good).Select(r => r.Point.Id).Distinct().Count() == 99);
        Assert.DoesNotContain(adapter.Sink.Readings, r => r.Quality == Quality.Bad && r.Point.Id != "h37");
    }

    [Fact]
    public async Task Poll_ValuesThatAreNone_AreBadWithTheirReasonsAndSpoilNothing()
    {
        var unit = _server.Unit(1);
        PointOptions Odd(int at, ModbusType type, Func<ModbusPoint, ModbusPoint>? change = null)
        {
            var address = new ModbusPoint(RegisterSpace.Holding, (ushort)at, type);
            return TestMap.Holding(at, every: 20) with { Address = change?.Invoke(address) ?? address };
        }

        unit.SetRegister(RegisterSpace.Holding, 1, 0x8000);
        unit.SetRegister(RegisterSpace.Holding, 2, 0x12AB);
        unit.SetRegisters(RegisterSpace.Holding, 3, [0x7F, 0xC0, 0, 0]);
        unit.SetRegister(RegisterSpace.Holding, 5, 0xFF41);
        unit.SetRegister(RegisterSpace.Holding, 6, 9999);
        await using var adapter = RunningAdapter.Start(
            _server, TestMap.Holding(0, every: 20), Odd(1, ModbusType.Int16, p => p with { NotANumber = Sentinels.ByType(ModbusType.Int16) }), Odd(2, ModbusType.Bcd16), Odd(3, ModbusType.Float32),
            Odd(5, ModbusType.String, p => p with { Number = 2 }), TestMap.Holding(6, every: 20) with { Scale = 0.1m, Plausible = new(-40, 120) }, TestMap.Holding(7, every: 20));
        await adapter.Sink.BadAsync("h1", "not a number");
        await adapter.Sink.BadAsync("h2", "not decimal digits");
        await adapter.Sink.BadAsync("h3", "not a number");
        await adapter.Sink.BadAsync("h5", "not UTF-8 text");
        await adapter.Sink.BadAsync("h6", "implausible: 999.9 is above 120");
        await adapter.Sink.GoodAsync("h0");
        await adapter.Sink.GoodAsync("h7");
        Assert.All(adapter.Sink.Readings, r => Assert.True(r.Quality == Quality.Good ? r.Point.Id is "h0" or "h7" : r.Value == PointValue.None));
        unit.SetRegister(RegisterSpace.Holding, 6, 999);
        Assert.Equal(PointValue.Of(99.9m), (await adapter.Sink.GoodAsync("h6")).Value);
    }

    [Fact]
    public async Task Poll_HolesAreFound_AreReadAroundWithFewRequests()
    {
        _server.Unit(1).Hide(RegisterSpace.Holding, 37);
        _server.Unit(1).Hide(RegisterSpace.Holding, 80);
        await using var adapter = RunningAdapter.Start(_server, Row(100));
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Where(r => r.Error is not null).Select(r => r.Point.Id).Distinct().Count() == 2);
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Count(r => r.Point.Id == "h99") >= 3);
        var (before, mark) = (_server.Unit(1).Requests, adapter.Sink.Readings.Count(r => r.Point.Id == "h0"));
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Count(r => r.Point.Id == "h0") == mark + 10);

        // 0–36, 38–79, 81–99: three requests a cycle, and the holes are not asked at all.
        Assert.InRange(_server.Unit(1).Requests - before, 27, 34);
    }

    [Fact]
    public async Task Poll_RegistersBetweenPointsMayNotBeRead_SplitsThere()
    {
        _server.Unit(1).Hide(RegisterSpace.Holding, 11, 5);
        await using var adapter = RunningAdapter.Start(_server, TestMap.Holding(10), TestMap.Holding(20), TestMap.Holding(21));
        await adapter.Sink.GoodAsync("h10");
        await adapter.Sink.GoodAsync("h21");
        Assert.DoesNotContain(adapter.Sink.Readings, r => r.Quality == Quality.Bad);
    }

    [Fact]
    public async Task Poll_OnlyPointIsRefused_TheDeviceIsOnlineAndThePointBad()
    {
        _server.Unit(1).Hide(RegisterSpace.Input, 0);
        await using var adapter = RunningAdapter.Start(_server, TestMap.Point("i", RegisterSpace.Input, 0, ModbusType.UInt16));
        await adapter.Sink.BadAsync("i", "illegal data address");
        await adapter.Sink.StateAsync("device", s => s.Online);
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Count > 5);
        Assert.Equal(1, _server.Unit(1).Requests);
    }
}
