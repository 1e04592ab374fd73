using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Writes on every transport.</summary>
public sealed class LineWriteTests
{
    public static TheoryData<Transport> All => [.. Enum.GetValues<Transport>()];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Write_EveryFunction_ReachesTheUnit(Transport transport)
    {
        await using var line = ThreeReads.Line(transport);
        line.Start(ThreeReads.Patient);
        await line.Sink.GoodAsync("i");
        Assert.True((await line.WriteAsync("h", PointValue.Of(4711m))).Ok);
        Assert.Equal(4711, line.Unit(1).Register(RegisterSpace.Holding, 10));
        Assert.True((await line.WriteAsync("j", PointValue.Of(99m))).Ok);
        Assert.True((await line.WriteAsync("c", PointValue.Of(true))).Ok);
        Assert.True(line.Unit(1).Bit(RegisterSpace.Coil, 5));
        Assert.True((await line.WriteAsync("w", PointValue.Of(-70_000m))).Ok);
        Assert.Equal(0xFFFE, line.Unit(1).Register(RegisterSpace.Holding, 40));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Write_NoAnswer_IsNeverSentTwice(Transport transport)
    {
        await using var line = new SimulatedLine(transport, TestMap.Holding(1, every: 600_000).Writable());
        line.Unit(1).SetRegister(RegisterSpace.Holding, 1, 1);
        line.Start(ThreeReads.Deadline * 2);
        await line.Sink.UntilAsync(() => line.Sink.Mark > 0);
        var before = line.Unit(1).Requests;
        line.Faults.Next(new Fault(FaultKind.Silence));
        var result = await line.WriteAsync("h1", PointValue.Of(7m));
        Assert.Equal((false, "timeout: not known whether the device took it"), (result.Ok, result.Reason));
        Assert.Equal(before + 1, line.Unit(1).Requests);
        Assert.True((await line.WriteAsync("h1", PointValue.Of(8m))).Ok);
        Assert.Equal(8, line.Unit(1).Register(RegisterSpace.Holding, 1));
    }
}
