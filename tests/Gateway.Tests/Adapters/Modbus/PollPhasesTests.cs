using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Modbus;

public class PollPhasesTests
{
    private static DeviceOptions Device(string id, params int[] intervals) =>
        TestMap.Device(TestMap.Link(502), id, 1, [.. intervals.Select((every, i) => TestMap.Holding(i, every: every))]);

    [Fact]
    public void Second_DevicesOfTheSameInterval_AreSpreadAndTheLastComesAfterAWholeOne()
    {
        var phases = new PollPhases([Device("a", 1000, 1000, 50), Device("b", 1000), Device("c", 1000), Device("d", 1000)]);
        Assert.Equal([250, 500, 750, 1000], ((string[])["a", "b", "c", "d"]).Select(d => phases.Second(d, TimeSpan.FromSeconds(1)).TotalMilliseconds));
        Assert.Equal(50, phases.Second("a", TimeSpan.FromMilliseconds(50)).TotalMilliseconds);
    }

    [Fact]
    public void Second_IntervalsTooShortToSpread_AreMoreThanZero()
    {
        var devices = Enumerable.Range(0, 32).Select(i => TestMap.Device(TestMap.Link(502), $"d{i}", 1, TestMap.Holding(0) with { Every = TimeSpan.FromTicks(1) })).ToList();
        var phases = new PollPhases(devices);
        Assert.All(devices, d => Assert.Equal(1, phases.Second(d.Id, TimeSpan.FromTicks(1)).Ticks));
    }
}
