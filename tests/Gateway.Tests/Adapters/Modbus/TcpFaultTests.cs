using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>What devices do wrong on TCP: no wrong value is ever good, and the next request succeeds.</summary>
public class TcpFaultTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(200);

    // Longer than one deadline, shorter than two.
    private static readonly TimeSpan TooLate = Deadline * 1.4;

    private readonly ModbusTcpServer _server = ModbusTcpServer.Start();

    /// <summary>Points in two tables, so that a response that slips by one shows as a wrong value.</summary>
    private RunningAdapter Start(TimeSpan? timeout = null)
    {
        _server.Unit(1).SetRegister(RegisterSpace.Holding, 10, 1111);
        _server.Unit(1).SetRegister(RegisterSpace.Input, 10, 2222);
        return RunningAdapter.Start(
            _server,
            link => [TestMap.Device(link, "device", 1, TestMap.Point("h", RegisterSpace.Holding, 10, ModbusType.UInt16), TestMap.Point("i", RegisterSpace.Input, 10, ModbusType.UInt16))],
            link => link with { Timeout = timeout ?? link.Timeout });
    }

    private static void AssertNothingWrongIsGood(RunningAdapter adapter) => Assert.All(
        adapter.Sink.Readings.Where(r => r.Quality == Quality.Good),
        r => Assert.Equal(r.Point.Id == "h" ? 1111m : 2222m, r.Value.Exact));

    private async Task FaultThenGood(Fault fault, string error, bool reconnects)
    {
        await using var adapter = Start(Deadline);
        await adapter.Sink.GoodAsync("i");
        var (mark, accepted) = (adapter.Sink.Mark, _server.Accepted);
        _server.Faults.Next(fault);
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Skip(mark).Any(r => r.Error == error));
        mark = adapter.Sink.Mark;
        await adapter.Sink.GoodAsync("h", mark);
        await adapter.Sink.GoodAsync("i", mark);
        Assert.Equal(reconnects, _server.Accepted > accepted);
        AssertNothingWrongIsGood(adapter);
    }

    [Fact]
    public Task Read_ReplyLaterThanTheDeadline_IsDiscardedAndTheConnectionStays() => FaultThenGood(new(FaultKind.Late, TooLate), "timeout", reconnects: false);

    [Fact]
    public Task Read_NoReply_IsATimeoutAndTheConnectionStays() => FaultThenGood(new(FaultKind.Silence), "timeout", reconnects: false);

    [Fact]
    public Task Read_WrongTransactionOnly_IsATimeout() => FaultThenGood(new(FaultKind.WrongTransaction), "timeout", reconnects: false);

    [Fact]
    public Task Read_WrongUnit_IsRejected() => FaultThenGood(new(FaultKind.WrongUnit), "invalid response", reconnects: false);

    [Fact]
    public Task Read_WrongFunction_IsRejected() => FaultThenGood(new(FaultKind.WrongFunction), "invalid response", reconnects: false);

    [Fact]
    public Task Read_WrongByteCount_IsRejected() => FaultThenGood(new(FaultKind.WrongByteCount), "invalid response", reconnects: false);

    [Fact]
    public Task Read_HalfAReplyThenSilence_Reconnects() => FaultThenGood(new(FaultKind.Half), "timeout", reconnects: true);

    [Fact]
    public Task Read_ReplyDribbles_EndsAtTheTotalDeadline() => FaultThenGood(new(FaultKind.Dribble, Deadline / 4), "timeout", reconnects: true);

    [Fact]
    public async Task Read_ManyLateReplies_NeverGetOutOfStep()
    {
        await using var adapter = Start(Deadline);
        await adapter.Sink.GoodAsync("i");
        _server.Faults.Next([.. Enumerable.Repeat(new Fault(FaultKind.Late, TooLate), 2)]);
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Count(r => r.Error == "timeout") >= 2);
        var mark = adapter.Sink.Mark;
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Skip(mark).Count(r => r.Quality == Quality.Good) > 20);
        AssertNothingWrongIsGood(adapter);
    }

    [Fact]
    public async Task Read_EveryConnectionIsClosed_BacksOffAndSaysSo()
    {
        await using var adapter = Start();
        await adapter.Sink.GoodAsync("i");
        _server.Faults.Always(1, new(FaultKind.Close));
        await adapter.Sink.StateAsync("device", s => s is { Online: false, Reason: "connection closed" });
        Assert.InRange(_server.Accepted, 2, 12);
        _server.Faults.Always(1, null);
        await adapter.Sink.UntilAsync(() => adapter.Sink.States[^1].State.Online);
    }

    [Theory]
    [InlineData(ExceptionCode.ServerDeviceBusy, "device busy")]
    [InlineData(ExceptionCode.Acknowledge, "device still working on it")]
    public async Task Read_BusyForEver_IsTriedABoundedNumberOfTimesThenTold(ExceptionCode code, string error)
    {
        _server.Unit(1);
        _server.Faults.Always(1, new(FaultKind.Exception, Exception: code));
        await using var adapter = RunningAdapter.Start(_server, TestMap.Holding(1, every: 60_000));
        await adapter.Sink.BadAsync("h1", error);
        Assert.Single(adapter.Sink.Readings);
    }

    [Fact]
    public async Task Read_BusyOnce_GivesTheValueInTheSameSlot()
    {
        _server.Unit(1).SetRegister(RegisterSpace.Holding, 1, 7);
        _server.Faults.Next(new Fault(FaultKind.Exception, Exception: ExceptionCode.ServerDeviceBusy));
        await using var adapter = RunningAdapter.Start(_server, TestMap.Holding(1, every: 60_000));
        Assert.Equal(7, (await adapter.Sink.GoodAsync("h1")).Value.Exact);
        Assert.Single(adapter.Sink.Readings);
    }

    [Theory]
    [InlineData(ExceptionCode.IllegalFunction, "illegal function")]
    [InlineData(ExceptionCode.ServerDeviceFailure, "device failure")]
    [InlineData((ExceptionCode)99, "exception 99")]
    public Task Read_Exception_IsTheReadingsError(ExceptionCode code, string error) =>
        FaultThenGood(new(FaultKind.Exception, Exception: code), error, reconnects: false);
}
