using System.Net;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

public class ModbusAdapterTests
{
    private readonly ModbusTcpServer _server = ModbusTcpServer.Start();

    [Fact]
    public async Task Poll_AllFourTables_GiveTheirValues()
    {
        var unit = _server.Unit(1);
        unit.SetBit(RegisterSpace.Coil, 9, true);
        unit.SetBit(RegisterSpace.Discrete, 100, true);
        unit.SetRegister(RegisterSpace.Input, 5, 55);
        unit.SetRegister(RegisterSpace.Holding, 65535, 66);
        await using var adapter = RunningAdapter.Start(
            _server,
            TestMap.Point("c8", RegisterSpace.Coil, 8, ModbusType.Bool),
            TestMap.Point("c9", RegisterSpace.Coil, 9, ModbusType.Bool),
            TestMap.Point("d", RegisterSpace.Discrete, 100, ModbusType.Bool),
            TestMap.Point("i", RegisterSpace.Input, 5, ModbusType.UInt16),
            TestMap.Point("h", RegisterSpace.Holding, 65535, ModbusType.UInt16));
        Assert.Equal(PointValue.Of(false), (await adapter.Sink.GoodAsync("c8")).Value);
        Assert.Equal(PointValue.Of(true), (await adapter.Sink.GoodAsync("c9")).Value);
        Assert.Equal(PointValue.Of(true), (await adapter.Sink.GoodAsync("d")).Value);
        Assert.Equal(PointValue.Of(55m), (await adapter.Sink.GoodAsync("i")).Value);
        Assert.Equal(PointValue.Of(66m), (await adapter.Sink.GoodAsync("h")).Value);
    }

    [Fact]
    public async Task Poll_NotANumber_IsBadQuality()
    {
        _server.Unit(1).SetRegister(RegisterSpace.Holding, 0, 0x7FC0);
        await using var adapter = RunningAdapter.Start(_server, TestMap.Holding(0, ModbusType.Float32), TestMap.Holding(2));
        await adapter.Sink.BadAsync("h0", "not a number");
        await adapter.Sink.GoodAsync("h2");
    }

    [Fact]
    public async Task Poll_SeveralBlocksAtOneInterval_AreOneCycle()
    {
        _server.Unit(1);
        await using var adapter = RunningAdapter.Start(_server, TestMap.Holding(0, every: 20), TestMap.Holding(5000, every: 20));
        await adapter.Sink.UntilAsync(() => adapter.Sink.Cycles.Count >= 5);
        Assert.InRange(adapter.Sink.Readings.Count, 8, 14);
    }

    [Fact]
    public async Task Poll_OneDeadUnit_DoesNotStallTheOthers()
    {
        _server.Unit(1);
        _server.Unit(2);
        _server.Faults.Always(2, new(FaultKind.Silence));
        await using var adapter = RunningAdapter.Start(_server, link =>
        [
            TestMap.Device(link, "alive", 1, TestMap.Holding(1)),
            TestMap.Device(link, "dead", 2, TestMap.Holding(2)),
        ], link => link with { Timeout = TimeSpan.FromMilliseconds(500) });
        await adapter.Sink.StateAsync("dead", s => s is { Online: false, Reason: "timeout" });
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Count(r => r.Point.Id == "h2") >= 20);

        // Degraded: its points are bad at their interval, but the line is not held by its timeouts.
        var alive = adapter.Sink.Readings.Where(r => r.Point.Id == "h1").ToList();
        Assert.All(alive, r => Assert.Equal(Quality.Good, r.Quality));
        Assert.InRange(alive.Count, 15, 60);
        Assert.InRange(_server.Unit(2).Requests, 3, 6);
        Assert.Equal(1, _server.Accepted);
        Assert.Contains("1 of 2 devices do not answer", adapter.Adapter.Status.Text);

        _server.Faults.Always(2, null);
        await adapter.Sink.StateAsync("dead", s => s.Online);
        await adapter.Sink.GoodAsync("h2");
    }

    [Fact]
    public async Task Poll_GatewaySaysTheUnitIsGone_IsOfflineInTheGatewaysWords()
    {
        await using var adapter = RunningAdapter.Start(_server, TestMap.Holding(1));
        await adapter.Sink.StateAsync("device", s => s is { Online: false, Reason: "gateway target device failed to respond" });
        await adapter.Sink.BadAsync("h1", "gateway target device failed to respond");
    }

    [Fact]
    public async Task Poll_NothingListens_IsToldOnceAndRecoversWithoutRestart()
    {
        var endpoint = _server.Endpoint;
        _server.Unit(1);
        await using var adapter = RunningAdapter.Start(_server, TestMap.Holding(1));
        await adapter.Sink.StateAsync("device", s => s.Online);
        Assert.True(adapter.Adapter.Status.Connected);
        await _server.DisposeAsync();
        await adapter.Sink.StateAsync("device", s => s is { Online: false, Reason: "connection refused" });
        await adapter.Sink.BadAsync("h1", "connection refused");
        Assert.False(adapter.Adapter.Status.Connected);
        Assert.Contains("connection refused", adapter.Adapter.Status.Text);

        await using var again = ModbusTcpServer.Start(new IPEndPoint(IPAddress.Loopback, endpoint.Port));
        again.Unit(1);
        var mark = adapter.Sink.Mark;
        await adapter.Sink.GoodAsync("h1", mark);
        Assert.Equal([true, false, true], adapter.Sink.States.Select(s => s.State.Online));
    }

    [Fact]
    public async Task Poll_UnknownHost_IsAStateWithARemedy()
    {
        _server.Unit(1);
        await using var adapter = RunningAdapter.Start(_server, link => [TestMap.Device(link, "device", 1, TestMap.Holding(1))], link => link with { Host = "no-such-host.invalid" });
        await adapter.Sink.StateAsync("device", s => !s.Online && s.Remedy is not null);
    }

    [Fact]
    public async Task Poll_DelayBetweenRequests_IsKept()
    {
        _server.Unit(1);
        await using var adapter = RunningAdapter.Start(
            _server,
            link => [TestMap.Device(link, "device", 1, TestMap.Holding(0, every: 1), TestMap.Holding(1000, every: 1))],
            link => link with { DelayBetweenRequests = TimeSpan.FromMilliseconds(20) });
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Count >= 6);
        var readings = adapter.Sink.Readings;
        Assert.True(readings[5].At - readings[0].At >= TimeSpan.FromMilliseconds(95));
    }
}
