using Gateway.Adapters.Modbus;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>What is repeated, how often, and what never is.</summary>
public sealed class RetryTests : IDisposable
{
    private readonly FakeLink _link = new();
    private readonly FakeTime _time = new();
    private readonly ModbusMetrics _metrics = new("line");

    public void Dispose() => _metrics.Dispose();

    [Theory]
    [InlineData(0, 0, 1, 1)]
    [InlineData(2, 0, 3, 1)]
    [InlineData(0, 1, 1, 2)]
    public async Task NoAnswer_IsRepeatedAsConfigured(int readRetries, int writeRetries, int reads, int writes)
    {
        var master = Master(readRetries, writeRetries);
        _link.Dead.Add(1);
        Assert.Equal(TransactionStatus.Timeout, (await master.ReadAsync(1, RegisterSpace.Holding, 0, 1, default)).Status);
        Assert.Equal(reads, _link.Requests.Count);
        _link.Requests.Clear();
        Assert.Equal(TransactionStatus.Timeout, (await master.WriteRegisterAsync(1, 0, 1, default)).Status);
        Assert.Equal(writes, _link.Requests.Count);
    }

    [Fact]
    public async Task Read_SecondAnswerIsGood_IsGood()
    {
        var master = Master(1, 0);
        _link.Script = (_, request) => _link.Requests.Count == 1 ? [3, 3, 0, 0, 0] : [3, 2, 0, 7];
        Assert.True((await master.ReadAsync(1, RegisterSpace.Holding, 0, 1, default)).IsOk);
        Assert.Equal([0, 7], master.Values[..2].ToArray());
    }

    [Fact]
    public async Task Read_LineClosedByTheTimeout_IsOpenedForTheRepetition()
    {
        var master = Master(1, 0);
        _link.Script = (_, _) =>
        {
            _link.Break(new("timeout", ""));
            return [3, 3, 0, 0, 0];
        };
        Assert.Equal(TransactionStatus.Invalid, (await master.ReadAsync(1, RegisterSpace.Holding, 0, 1, default)).Status);
        Assert.Equal((2, 2), (_link.Requests.Count, _link.Opened));
    }

    [Theory]
    [InlineData(ExceptionCode.IllegalDataAddress)]
    [InlineData(ExceptionCode.ServerDeviceFailure)]
    public async Task Refusal_IsNotRepeated(ExceptionCode code)
    {
        var master = Master(5, 5);
        _link.Script = (_, request) => [(byte)(request[0] | 0x80), (byte)code];
        Assert.Equal(code, (await master.ReadAsync(1, RegisterSpace.Holding, 0, 1, default)).Exception);
        Assert.Equal(code, (await master.WriteRegisterAsync(1, 0, 1, default)).Exception);
        Assert.Equal(2, _link.Requests.Count);
    }

    /// <summary>Busy means that it was not carried out: sent again after pauses, a bounded number of times, then told.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(1000, false)]
    public async Task Write_DeviceIsBusy_IsSentAgainABoundedNumberOfTimes(int busy, bool succeeds)
    {
        var master = Master(0, 0);
        _link.Script = (_, request) => _link.Requests.Count <= busy ? [0x86, (byte)ExceptionCode.ServerDeviceBusy] : request;
        var writing = master.WriteRegisterAsync(1, 0, 1, default).AsTask();
        for (var pause = ModbusMaster.BusyPause; !writing.IsCompleted; pause *= 2)
        {
            await Task.WhenAny(writing, _time.WhenTimersAsync(1));
            _time.Advance(pause);
        }

        Assert.Equal(succeeds ? TransactionResult.Ok : TransactionResult.Refused(ExceptionCode.ServerDeviceBusy), await writing);
        Assert.Equal(Math.Min(busy, ModbusMaster.BusyRetries) + 1, _link.Requests.Count);
    }

    private ModbusMaster Master(int readRetries, int writeRetries)
    {
        Assert.True(_link.OpenAsync(default).IsCompleted);
        return new(_link, TestMap.Link(502) with { ReadRetries = readRetries, WriteRetries = writeRetries }, _metrics, _time);
    }
}
