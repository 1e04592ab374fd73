using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>The adapter over a line without a wire: the clock moves when the test says so, and everything due happens inside that call.</summary>
public sealed class VirtualTimeTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly FakeLink _link = new();
    private readonly RecordingSink _sink = new();
    private readonly CancellationTokenSource _stop = new();
    private ModbusAdapter? _adapter;
    private Task _running = Task.CompletedTask;

    private void Start(params DeviceOptions[] devices)
    {
        _adapter = new(_link, TestMap.Link(502), devices, new("line"), _time, NullLogger.Instance);
        _running = _adapter.RunAsync(_sink, _stop.Token);
    }

    private static DeviceOptions Device(string id, byte unit, int every) => TestMap.Device(TestMap.Link(502), id, unit, TestMap.Holding(unit, every: every));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _adapter!.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public void Poll_ManyIntervals_EachReadingIsInItsSlot()
    {
        var start = _time.GetUtcNow();
        Start(Device("fast", 1, 100), Device("slow", 2, 700));
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(Enumerable.Range(0, 71).Select(i => start.AddMilliseconds(i * 100)), _sink.Readings.Where(r => r.Point.Id == "h1").Select(r => r.At));
        Assert.Equal(Enumerable.Range(0, 11).Select(i => start.AddMilliseconds(i * 700)), _sink.Readings.Where(r => r.Point.Id == "h2").Select(r => r.At));
        Assert.Equal(71, _sink.Cycles.Count(c => c == "fast"));
    }

    [Fact]
    public void Poll_UnitIsDead_IsProbedMoreAndMoreRarelyAndReportedAtItsInterval()
    {
        _link.Dead.Add(2);
        Start(Device("alive", 1, 100), Device("dead", 2, 100));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(601, _link.Requests.Count(r => r.Unit == 1));

        // Three failures, then probes after 1, 2, 4, 8, 10, 10, 10, 10 s.
        Assert.Equal(3 + 8, _link.Requests.Count(r => r.Unit == 2));
        Assert.Equal(601, _sink.Readings.Count(r => r is { Point.Id: "h2", Quality: Quality.Bad, Error: "timeout" }));

        _link.Dead.Clear();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([false, true], _sink.States.Where(s => s.Device == "dead").Select(s => s.State.Online));
        Assert.Single(_sink.States, s => s.Device == "alive");
    }

    [Fact]
    public void Poll_LineIsDown_IsTriedWithBackoffAndReportedAtTheInterval()
    {
        _link.Refusal = new("connection refused", "look");
        Start(Device("device", 1, 1000));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.InRange(_link.Opened, 8, 20);
        Assert.Equal(61, _sink.Readings.Count(r => r.Error == "connection refused"));
        Assert.Equal(new DeviceState(false, "connection refused", "look"), Assert.Single(_sink.States).State);

        _link.Refusal = null;
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(Quality.Good, _sink.Readings[^1].Quality);
        Assert.True(_adapter!.Status.Connected);
    }

    [Fact]
    public void Poll_ConnectionWasClosedWhileIdle_IsReadAgainAtOnce()
    {
        Start(Device("device", 1, 1000));
        _link.Break(new("connection closed", ""));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _link.Opened);
        Assert.Equal([Quality.Good, Quality.Good], _sink.Readings.Select(r => r.Quality));
        Assert.Single(_sink.States);
    }

    [Fact]
    public void Poll_HoleIsFilledLater_IsReadWithItsNeighboursAgain()
    {
        var unit = _link.Unit(1);
        unit.Hide(RegisterSpace.Holding, 5);
        Start(TestMap.Device(TestMap.Link(502), "device", 1, [.. Enumerable.Range(0, 10).Select(a => TestMap.Holding(a, every: 1000))]));
        _time.Advance(TimeSpan.FromSeconds(10));
        unit.Show(RegisterSpace.Holding, 5);
        _time.Advance(HoleFinder.AskAgainAfter + TimeSpan.FromSeconds(2));
        _link.Requests.Clear();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Enumerable.Repeat("030000000A", 3), _link.Requests.Select(r => Convert.ToHexString(r.Pdu)));
    }

    [Fact]
    public void Poll_PartsThatMayNotBeReadTogether_AreRememberedWhenAHoleIsFoundLater()
    {
        // Nobody may read 20 to 29; later the device loses 5 as well.
        var unit = _link.Unit(1);
        unit.Hide(RegisterSpace.Holding, 20, 10);
        Start(TestMap.Device(TestMap.Link(502), "device", 1, [.. Enumerable.Range(0, 20).Concat(Enumerable.Range(30, 10)).Select(a => TestMap.Holding(a, every: 1000))]));
        _time.Advance(TimeSpan.FromSeconds(3));
        unit.Hide(RegisterSpace.Holding, 5);
        _time.Advance(TimeSpan.FromSeconds(3));
        _link.Requests.Clear();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(
            ["0300000005", "030006000E", "03001E000A", "0300000005", "030006000E", "03001E000A"],
            _link.Requests.Select(r => Convert.ToHexString(r.Pdu)));
        Assert.DoesNotContain(_sink.Readings, r => r.Quality == Quality.Bad && r.Point.Id != "h5");
        Assert.Equal(1, _link.AllRequests.Count(r => Convert.ToHexString(r.Pdu) == "0300000028"));
    }

    [Fact]
    public void Poll_OneRequestPerPoint_AsksForEachAlone()
    {
        var device = TestMap.Device(TestMap.Link(502), "odd", 1, [.. Enumerable.Range(0, 3).Select(a => TestMap.Holding(a, every: 1000))]);
        Start(device with { Address = new ModbusDevice(1) { Plan = new(OneRequestPerPoint: true) } });
        Assert.Equal(["0300000001", "0300010001", "0300020001"], _link.Requests.Select(r => Convert.ToHexString(r.Pdu)));
    }
}
