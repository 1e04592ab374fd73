using Gateway.Core;
using Gateway.Pipeline;
using Gateway.Tests.Core;
using Gateway.Tests.Support;
using Gateway.Values;
using Gateway.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Values;

public sealed class LastValuesTests
{
    private readonly FakeTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly DeviceOptions _boiler = TestDevice.With("boiler", TestDevice.Point("t") with { Unit = "°C" }, TestDevice.Point("p"));
    private readonly DeviceOptions _meter = TestDevice.With("meter", TestDevice.Point("v"));
    private readonly ReadingPipeline _pipeline;
    private readonly LastValues _values;

    public LastValuesTests()
    {
        _pipeline = new ReadingPipeline(
            [_boiler, _meter], TestDevice.Topics, 1, new RecordingBroker(), new ClockTrust(ClockMode.Trusted, _time), _time, new PipelineMetrics(), NullLogger<ReadingPipeline>.Instance);
        _values = new LastValues(_pipeline, _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Now_KnowsEveryPoint_ReadOrNot()
    {
        Read(_boiler, 0, 21.5m);
        _pipeline.Report(Reading.Bad(_meter.Points[0], "timeout", _time.GetUtcNow()));
        _pipeline.DeviceChanged(_boiler, new DeviceState(false, "connection refused", null));
        _time.Advance(TimeSpan.FromSeconds(90));

        var read = _time.GetUtcNow() - TimeSpan.FromSeconds(90);
        Assert.Equal(
            [
                new PointLine { Device = "boiler", Point = "t", Value = PointValue.Of(21.5m), Unit = "°C", Quality = "good", ReadAt = read, AgeMs = 90_000 },
                new PointLine { Device = "boiler", Point = "p", Error = "connection refused" },
                new PointLine { Device = "meter", Point = "v", Quality = "bad", Error = "timeout", ReadAt = read, AgeMs = 90_000 },
            ],
            _values.Now(null));
        Assert.Equal(["v"], _values.Now("meter").Select(static l => l.Point));
    }

    [Fact]
    public void Age_WallClockJumps_IsTheTimeThatWentBy()
    {
        Read(_boiler, 0, 1);
        _time.JumpWallClock(TimeSpan.FromDays(1_000));

        Assert.Equal(0, _values.Now("boiler")[0].AgeMs);
    }

    [Theory]
    [InlineData("boilr", "the nearest name is boiler")]
    [InlineData("something-else", "edge-gateway values lists all of them")]
    public void Device_Unknown_NamesTheNearest(string device, string remedy)
    {
        var refused = Assert.Throws<ControlException>(() => _values.Now(device));

        Assert.Equal((ControlProblem.NotFound, remedy), (refused.Problem, refused.Remedy));
    }

    [Fact]
    public async Task Follow_BeginsWithAll_ThenTheNewestOfWhatWasRead()
    {
        Read(_boiler, 0, 1);
        await using var changes = _values.FollowAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(["boiler/t 1", "boiler/p null", "meter/v null"], Text(changes.Current));

        var next = changes.MoveNextAsync();
        Read(_boiler, 0, 2);
        Read(_boiler, 0, 3);
        Read(_meter, 0, 230);
        Assert.False(next.IsCompleted);
        _time.Advance(LastValues.Pace);
        Assert.True(await next);
        Assert.Equal(["boiler/t 3", "meter/v 230"], Text(changes.Current));

        // The same value, read again, is news: its age begins anew.
        next = changes.MoveNextAsync();
        Read(_meter, 0, 230);
        _time.Advance(LastValues.Pace);
        Assert.True(await next);
        Assert.Equal(["meter/v 230"], Text(changes.Current));
    }

    [Fact]
    public async Task Follow_ReaderIsSlow_NothingWaitsForIt()
    {
        await using var changes = _values.FollowAsync("meter", Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await changes.MoveNextAsync());
        for (var i = 0; i < 1_000; i++)
        {
            Read(_meter, 0, i);
            _time.Advance(LastValues.Pace);
        }

        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(["meter/v 999"], Text(changes.Current));
    }

    [Fact]
    public async Task Follow_TooMany_IsRefusedUntilOneEnds()
    {
        var followers = new List<IAsyncEnumerator<IReadOnlyList<PointLine>>>();
        for (var i = 0; i < LastValues.MostFollowers; i++)
        {
            followers.Add(_values.FollowAsync(null, Cancellation).GetAsyncEnumerator(Cancellation));
            Assert.True(await followers[i].MoveNextAsync());
        }

        await using (var late = _values.FollowAsync(null, Cancellation).GetAsyncEnumerator(Cancellation))
        {
            Assert.Equal(ControlProblem.Unavailable, (await Assert.ThrowsAsync<ControlException>(async () => await late.MoveNextAsync())).Problem);
        }

        await followers[0].DisposeAsync();
        await using var next = _values.FollowAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await next.MoveNextAsync());
    }

    private void Read(DeviceOptions device, int point, decimal value) => _pipeline.Report(Reading.Good(device.Points[point], PointValue.Of(value), _time.GetUtcNow()));

    private static IEnumerable<string> Text(IReadOnlyList<PointLine> lines) => lines.Select(static l => $"{l.Device}/{l.Point} {l.Value}");
}
