using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>A line on which requests take time: who gets how much of it. In virtual time.</summary>
public sealed class BusyLineTests : IAsyncDisposable
{
    private static readonly ModbusTcpOptions Options = TestMap.Link(502, timeout: 500);

    private readonly FakeTime _time = new();
    private readonly RecordingSink _sink = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ModbusMetrics _metrics = new("line");
    private readonly TimedLink _link;
    private ModbusAdapter? _adapter;
    private Task _running = Task.CompletedTask;

    public BusyLineTests() => _link = new(_time, Options.Timeout);

    private static DeviceOptions Device(byte unit, int every) => TestMap.Device(Options, $"unit-{unit}", unit, TestMap.Holding(unit, every: every).Writable());

    private void Start(params IEnumerable<DeviceOptions> devices) => _running = Make(devices).RunAsync(_sink, _stop.Token);

    private ModbusAdapter Make(IEnumerable<DeviceOptions> devices) => _adapter = new(_link, Options, [.. devices], _metrics, _time, NullLogger.Instance);

    private void Seconds(double count) => _time.Advance(TimeSpan.FromSeconds(count));

    private static IEnumerable<DeviceOptions> Units(int from, int count, int every) => Enumerable.Range(from, count).Select(i => Device((byte)i, every));

    public async ValueTask DisposeAsync()
    {
        // What is on the wire ends with the stop.
        await _stop.CancelAsync();
        await _running;
        await _adapter!.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public void Poll_FastAndSlowOnOneLine_TheFastKeepTheirRate()
    {
        _link.Takes = unit => TimeSpan.FromMilliseconds(unit == 1 ? 20 : 60);
        Start([Device(1, 100), .. Units(2, 20, 2000)]);
        Seconds(60);
        var fast = _link.Requests.Where(r => r.Unit == 1).ToList();
        Assert.Equal(601, fast.Count);
        Assert.Equal(0, _metrics.MissedPolls);

        // Nothing drifts: one slow request may be on the wire when its slot comes, no more.
        Assert.All(fast.Select((r, i) => r.At - TimeSpan.FromMilliseconds(100 * i)), late => Assert.InRange(late, TimeSpan.Zero, TimeSpan.FromMilliseconds(60)));
        Assert.All(Enumerable.Range(2, 20), unit => Assert.InRange(_link.Polls((byte)unit), 30, 31));
    }

    [Fact]
    public void Poll_SeveralDevicesOfOneInterval_AreSpreadOverIt()
    {
        Start(Units(1, 4, 1000));
        Seconds(4);
        Assert.Equal([0, 25, 50, 75, 250, 500, 750, 1000, 1250, 1500, 1750, 2000], _link.Requests.Take(12).Select(r => (int)r.At.TotalMilliseconds));
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4], _link.Requests.Take(12).Select(r => (int)r.Unit));
    }

    [Fact]
    public void Poll_LineIsTooSlow_IsToldWithItsLoadAndEachLosesTheSameShare()
    {
        // 26 units at 50 ms each second: 130 %.
        _link.Takes = _ => TimeSpan.FromMilliseconds(50);
        Start(Units(1, 26, 1000));
        Seconds(5);
        Assert.Null(_adapter!.Status.Remedy);
        Seconds(55);
        Assert.InRange(_metrics.MissedPolls, 300, 370);
        Assert.All(Enumerable.Range(1, 26), unit => Assert.InRange(_link.Polls((byte)unit), 43, 49));
        Assert.Contains("the line is 130 % full", _adapter.Status.Text, StringComparison.Ordinal);
        Assert.StartsWith("poll slower (every)", _adapter.Status.Remedy, StringComparison.Ordinal);

        // Nothing has piled up: as soon as the units answer faster, every poll is in its slot again.
        _link.Takes = _ => TimeSpan.FromMilliseconds(10);
        Seconds(2);
        var missed = _metrics.MissedPolls;
        _link.Forget();
        Seconds(60);
        Assert.Equal(missed, _metrics.MissedPolls);
        Assert.InRange(_link.Requests.Count, 26 * 60, 26 * 60 + 1);
        Assert.Null(_adapter.Status.Remedy);
    }

    [Fact]
    public void Poll_LineIsTooSlowBecauseOfManySlowOnes_TheFastKeepTheirShare()
    {
        // 50 % fast and 80 % slow: everybody gets about three quarters, and in their slots.
        _link.Takes = _ => TimeSpan.FromMilliseconds(50);
        Start([Device(1, 100), .. Units(2, 16, 1000)]);
        Seconds(20);
        _link.Forget();
        Seconds(120);
        Assert.InRange(_link.Polls(1), 860, 960);
        Assert.All(Enumerable.Range(2, 16), unit => Assert.InRange(_link.Polls((byte)unit), 82, 96));
    }

    [Fact]
    public void Poll_HalfTheUnitsAreDead_TheOthersKeepTheirRate()
    {
        foreach (var unit in Enumerable.Range(9, 8))
        {
            _link.Dead.Add((byte)unit);
        }

        Start(Units(1, 16, 1000));

        // Each dead unit costs three timeouts before it is given up: bounded, and once.
        Seconds(20);
        Assert.All(_link.Dead, unit => Assert.InRange(_link.Polls(unit), 3, 5));
        Assert.Null(_adapter!.Status.Remedy);
        _link.Forget();
        Seconds(600);
        var lost = _link.Requests.Where(r => _link.Dead.Contains(r.Unit)).Sum(r => r.Took.TotalSeconds);
        Assert.InRange(lost / 600, 0.05, 0.15);
        Assert.All(Enumerable.Range(1, 8), unit => Assert.InRange(_link.Polls((byte)unit), 598, 601));
        Assert.All(_link.Dead, unit => Assert.InRange(_link.Polls(unit), 10, 25));

        // The branch has power again: the first is found at its probe, the others at once behind it.
        _link.Dead.Clear();
        _link.Forget();
        Seconds(12);
        Assert.All(Enumerable.Range(1, 16), unit => Assert.True(_sink.States.Last(s => s.Device == $"unit-{unit}").State.Online));
    }

    [Fact]
    public void Poll_OneUnitIsDead_TimeLostIsBoundedAndItIsBackWithinItsProbe()
    {
        Start([Device(1, 100), Device(2, 100)]);
        Seconds(10);
        _link.Dead.Add(2);
        _link.Forget();
        Seconds(600);
        var lost = _link.Requests.Where(r => r.Unit == 2).Sum(r => r.Took.TotalSeconds);
        Assert.InRange(lost, 25, 35);

        // Per timeout the neighbour misses at most its five slots.
        Assert.InRange(_link.Polls(1), 6000 - (5 * (int)(lost / 0.5)), 6001);
        _link.Dead.Clear();
        Seconds(10);
        _link.Forget();
        Seconds(10);
        Assert.InRange(_link.Polls(2), 99, 101);
    }

    [Fact]
    public async Task Write_FloodOfCommands_GoesAheadButPollsGetTheirTurn()
    {
        var adapter = Make([Device(1, 100), Device(2, 60_000)]);
        var writes = Enumerable.Range(0, WriteQueue.Capacity).Select(i => adapter.WriteAsync(TestMap.Holding(2) with { Device = "unit-2", Write = new(null, null) }, PointValue.Of((decimal)i), default).AsTask()).ToList();
        _running = adapter.RunAsync(_sink, _stop.Token);

        // 64 writes with their reading back take 3.2 s of the line; a poll of 25 ms is due ten times a second.
        Assert.Equal(FunctionCode.WriteSingleRegister, Assert.Single(_link.Requests).Function);
        Seconds(5);
        var lastWrite = _link.Requests.FindLastIndex(r => r.Function == FunctionCode.WriteSingleRegister);
        Assert.Equal(WriteQueue.Capacity, _link.Requests.Count(r => r.Function == FunctionCode.WriteSingleRegister));
        Assert.InRange(_link.Requests[lastWrite].At.TotalSeconds, 3.1, 4.9);
        var turns = _link.Requests.Take(lastWrite).Where(r => r.Unit == 1).Select(r => r.At).ToList();
        Assert.InRange(turns.Count, 30, 49);
        Assert.All(turns.Zip(turns.Skip(1), (a, b) => b - a), gap => Assert.InRange(gap, TimeSpan.Zero, TimeSpan.FromMilliseconds(300)));
        Assert.All(await Task.WhenAll(writes), r => Assert.True(r.Ok));
    }

    [Fact]
    public async Task Write_ToADeadUnit_FailsAtOnceAndIsTriedNowAndThen()
    {
        _link.Dead.Add(2);
        var adapter = Make([Device(1, 1000), Device(2, 100)]);
        _running = adapter.RunAsync(_sink, _stop.Token);
        Seconds(30);
        Seconds((_link.Requests.Last(r => r.Unit == 2).At + TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(_time.GetTimestamp())).TotalSeconds);
        var point = TestMap.Holding(2) with { Device = "unit-2", Write = new(null, null) };
        var writes = Enumerable.Range(0, 10).Select(_ => adapter.WriteAsync(point, PointValue.Of(1m), default).AsTask()).ToList();
        await writes[0].PumpAsync(_time);
        Assert.StartsWith("timeout", (await writes[0]).Reason, StringComparison.Ordinal);
        foreach (var later in writes.Skip(1))
        {
            await later.PumpAsync(_time);
            Assert.Equal("not sent: the device does not answer (timeout)", (await later).Reason);
        }

        Assert.Single(_link.Requests, r => r.Function == FunctionCode.WriteSingleRegister);
    }

    [Fact]
    public async Task Run_AgainAfterADefect_PollsAtTheSameRateAndServesWrites()
    {
        var failing = new FailingSink();
        var adapter = Make([Device(1, 100)]);
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            var running = adapter.RunAsync(failing, _stop.Token);
            Seconds(1);
            await running;
        });
        _link.Forget();
        _running = adapter.RunAsync(_sink, _stop.Token);
        Seconds(10);
        Assert.InRange(_link.Polls(1), 100, 101);
        var write = adapter.WriteAsync(TestMap.Holding(1) with { Device = "unit-1", Write = new(null, null) }, PointValue.Of(7m), default).AsTask();
        await write.PumpAsync(_time);
        Assert.True((await write).Ok);
        Assert.Single(_sink.States);
    }

    private sealed class FailingSink : IReadingSink
    {
        public void Report(in Reading reading) => throw new InvalidOperationException("a defect");

        public void EndOfCycle(DeviceOptions device) => throw new InvalidOperationException("a defect");

        public void DeviceChanged(DeviceOptions device, DeviceState state)
        {
        }
    }
}

internal static class Pumping
{
    /// <summary>Lets virtual time pass until the task is done: who is woken from outside goes on when it comes to it.</summary>
    public static async Task PumpAsync(this Task task, FakeTime time)
    {
        var deadline = Environment.TickCount64 + 20_000;
        while (!task.IsCompleted && Environment.TickCount64 < deadline)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.True(task.IsCompleted, "nothing came of it");
    }
}
