using Gateway.Adapters.Modbus;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Adapters that are unplugged and plugged in again while they are polled.</summary>
public sealed class ReplugTests
{
    /// <summary>From the return of its path to the first value.</summary>
    [Theory]
    [InlineData(Transport.Rtu)]
    [InlineData(Transport.Ascii)]
    public async Task Adapter_UnpluggedAndBackUnderItsName_IsReadWithinTwoSeconds(Transport transport)
    {
        await using var line = ThreeReads.Line(transport);
        line.Start(ThreeReads.Deadline);
        await line.Sink.GoodAsync("i");
        for (var round = 0; round < 3; round++)
        {
            await line.UnplugAsync();
            await line.Sink.UntilAsync(() => line.Sink.States[^1].State is { Online: false, Reason: "no such port" });
            var mark = line.Sink.Mark;
            line.Plug();
            ThreeReads.Fill(line);
            var back = TimeProvider.System.GetTimestamp();
            await line.Sink.GoodAsync("h", mark);
            Assert.InRange(TimeProvider.System.GetElapsedTime(back), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }

        ThreeReads.AssertNothingWrongIsGood(line);
    }

    /// <summary>Whoever plugs it in after a weekend does not wait for a backoff either.</summary>
    [Fact]
    public async Task Line_AdapterAwayForLong_IsLookedForEverySecond()
    {
        var time = new FakeTime();
        var link = new FakeLink { Refusal = new("no such port", "plug it in") };
        using var metrics = new ModbusMetrics("line");
        var options = new ModbusRtuOptions("line", default) { Serial = new("/dev/serial/by-id/usb", 19200) };
        var line = new LineKeeper(link, options, metrics, time, NullLogger.Instance);
        for (var i = 0; i < 1000; i++)
        {
            Assert.False(await line.EnsureOpenAsync(default));
            Assert.InRange(line.NextTry - time.GetTimestamp(), 0, TimeSpan.TicksPerSecond);
            time.Advance(TimeSpan.FromTicks(line.NextTry - time.GetTimestamp()));
        }

        link.Refusal = null;
        Assert.True(await line.EnsureOpenAsync(default));
    }
}
