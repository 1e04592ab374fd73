using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Modbus;

public sealed class RestingLinkTests : IAsyncDisposable
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    private readonly FakeTime _time = new();
    private readonly FakeLink _inner = new();
    private readonly ModbusMetrics _metrics = new("line");
    private readonly RestingLink _link;

    public RestingLinkTests() => _link = new(_inner, s_idle, _metrics, _time);

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Transact_AfterRest_OpensAgain()
    {
        Assert.Null(await _link.OpenAsync(default));
        _time.Advance(s_idle);
        Assert.Equal((true, true, false), (_link.IsOpen, _link.IsResting, _inner.IsOpen));
        Assert.True(_link.IsAlive());
        Assert.Equal(TransactionStatus.Ok, (await AskAsync()).Status);
        Assert.Equal((true, false, true, 2), (_link.IsOpen, _link.IsResting, _inner.IsOpen, _inner.Opened));
    }

    [Fact]
    public async Task Transact_EachRequest_BeginsTheWaitAnew()
    {
        await _link.OpenAsync(default);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(s_idle - TimeSpan.FromSeconds(1));
            await AskAsync();
        }

        Assert.Equal(1, _inner.Opened);
        _time.Advance(s_idle);
        Assert.True(_link.IsResting);
        await AskAsync();
        _time.Advance(s_idle);
        Assert.True(_link.IsResting);
    }

    [Fact]
    public async Task Transact_DeviceIsGoneAfterRest_IsClosed()
    {
        await _link.OpenAsync(default);
        _time.Advance(s_idle);
        _inner.Refusal = new("connection refused", "check port");
        Assert.Equal(TransactionStatus.Closed, (await AskAsync()).Status);
        Assert.False(_link.IsOpen);
    }

    [Fact]
    public async Task Adapter_SlowPoll_LeavesTheDeviceToOthersMeanwhile()
    {
        var server = ModbusTcpServer.Start();
        server.Unit(1).SetRegister(RegisterSpace.Holding, 1, 7);
        await using var adapter = RunningAdapter.Start(
            server,
            link => [TestMap.Device(link, "device", 1, TestMap.Holding(1, every: 1000))],
            link => link with { CloseAfterIdle = TimeSpan.FromMilliseconds(100) });
        await adapter.Sink.UntilAsync(() => adapter.Sink.Readings.Count >= 3);
        Assert.All(adapter.Sink.Readings, r => Assert.Equal(Quality.Good, r.Quality));
        Assert.InRange(server.Accepted, 3, 4);
        Assert.All(adapter.Sink.States, s => Assert.True(s.State.Online));
    }

    private ValueTask<LinkReply> AskAsync() => _link.TransactAsync(1, new byte[] { 3, 0, 0, 0, 1 }, new byte[ModbusLimits.Pdu], default);
}
