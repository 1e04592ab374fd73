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
