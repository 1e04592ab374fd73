using Gateway.Core;
using Gateway.Pipeline;
using Gateway.Tests.Core;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Pipeline;

public sealed class ReadingPipelineTests
{
    private readonly FakeTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RecordingBroker _broker = new();

    [Fact]
    public void Report_PerPoint_IsOneMessageEachWithARunningNumber()
    {
        var device = TestDevice.With("boiler", TestDevice.Point("t"));
        var pipeline = Pipeline(device);
        pipeline.Report(Good(device, 0, 20.5m));
        pipeline.Report(Good(device, 0, 20.6m));
        Assert.Equal(
            [
                """acme/berlin/boiler/telemetry/t {"v":20.5,"ts":1767225600000,"q":"good","seq":1,"boot":3,"schema":"reading.v1"}""",
                """acme/berlin/boiler/telemetry/t {"v":20.6,"ts":1767225600000,"q":"good","seq":2,"boot":3,"schema":"reading.v1"}""",
            ],
            _broker.Take());
    }

    [Fact]
    public void EndOfCycle_PerDevice_IsOneObjectOfWhatWasReported()
    {
        var device = TestDevice.With(
            "boiler", TestDevice.Point("t"), TestDevice.Point("p") with { Report = new ReportOptions(ReportWhen.Changed, 1, TimeSpan.FromMinutes(1)) }) with { Telemetry = TelemetryShape.PerDevice };
        var pipeline = Pipeline(device);
        pipeline.Report(Good(device, 0, 20));
        pipeline.Report(Good(device, 1, 5));
        pipeline.EndOfCycle(device);
        pipeline.Report(Good(device, 0, 21));
        pipeline.Report(Good(device, 1, 5));
        pipeline.EndOfCycle(device);
        pipeline.EndOfCycle(device);
        Assert.Equal(
            [
                """acme/berlin/boiler/telemetry {"ts":1767225600000,"seq":1,"boot":3,"points":{"t":{"v":20,"ts":1767225600000,"q":"good"},"p":{"v":5,"ts":1767225600000,"q":"good"}},"schema":"telemetry.v1"}""",
                """acme/berlin/boiler/telemetry {"ts":1767225600000,"seq":2,"boot":3,"points":{"t":{"v":21,"ts":1767225600000,"q":"good"}},"schema":"telemetry.v1"}""",
            ],
            _broker.Take());
    }

    [Fact]
    public void DeviceChanged_Offline_TellsPresenceAndHealthRetained()
    {
        var device = TestDevice.With("boiler", TestDevice.Point("t"));
        Pipeline(device).DeviceChanged(device, new DeviceState(false, "timeout", "check the cable"));
        Assert.Equal(
            [
                "acme/berlin/boiler/status (retained) offline",
                """acme/berlin/boiler/health (retained) {"status":"offline","reason":"timeout","remedy":"check the cable","since":1767225600000,"schema":"health.v1"}""",
            ],
            _broker.Take());
    }

    [Fact]
    public async Task PublishStates_ManyReadingsInASecond_IsOneRetainedStateWithTheLast()
    {
        var device = TestDevice.With("boiler", TestDevice.Point("t"), TestDevice.Point("never-read"));
        var pipeline = Pipeline(device);
        using var stop = new CancellationTokenSource();
        var publishing = pipeline.PublishStatesAsync(stop.Token);
        pipeline.Report(Good(device, 0, 1));
        pipeline.Report(Good(device, 0, 2));
        _broker.Take();
        _time.Advance(TimeSpan.FromSeconds(1));
        var state = await _broker.Published.Reader.ReadAsync();
        Assert.Equal(("acme/berlin/boiler/state", true), (state.Topic, state.Retain));
        Assert.Equal(
            """{"ts":1767225601000,"points":{"t":{"v":2,"ts":1767225600000,"q":"good"}},"schema":"state.v1"}""",
            System.Text.Encoding.UTF8.GetString(state.Payload.Span));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
    }

    [Fact]
    public void Take_OtherDevices_TheSameGoOn_AndNoNumberIsGivenTwice()
    {
        var (boiler, meter) = (TestDevice.With("boiler", TestDevice.Point("t")), TestDevice.With("meter", TestDevice.Point("v")));
        var pipeline = Pipeline(boiler, meter);
        pipeline.DeviceChanged(meter, new DeviceState(true));
        pipeline.Report(Good(boiler, 0, 1));
        pipeline.Report(Good(meter, 0, 1));
        var faster = boiler with { Points = [.. boiler.Points.Select(p => p with { Every = TimeSpan.FromSeconds(9) })] };
        pipeline.Take([faster, meter], []);
        pipeline.Take([meter], []);
        pipeline.Take([faster, meter], []);
        _broker.Take();

        pipeline.Report(Good(faster, 0, 2));
        pipeline.Report(Good(meter, 0, 2));

        Assert.All(_broker.Take(), m => Assert.Contains("\"seq\":2", m, StringComparison.Ordinal));
        Assert.Equal([("boiler", null), ("meter", true)], pipeline.Devices.Select(d => (d.Options.Id, d.State?.Online)));
    }

    [Fact]
    public void Found_ADeviceAndItsPoints_AreReportedLikeConfiguredOnes_AndStayWhileTheirLinkDoes()
    {
        var boiler = TestDevice.With("boiler", TestDevice.Point("t"));
        var pipeline = Pipeline(boiler);
        var told = new List<string>();
        pipeline.DeviceFound = d => told.Add(d.Id);
        var tag = TestDevice.With("tag") with { FindsPoints = true, Link = boiler.Link with { Id = "radio" } };
        var battery = TestDevice.Point("battery") with { Device = "tag" };

        Assert.True(pipeline.Found(tag));
        pipeline.Found(battery);
        pipeline.Report(Reading.Good(battery, PointValue.Of(97m), _time.GetUtcNow()));
        pipeline.Take([boiler], [tag.Link]);
        pipeline.Report(Reading.Good(battery, PointValue.Of(96m), _time.GetUtcNow()));

        Assert.Equal(["tag"], told);
        Assert.Equal(
            [
                """acme/berlin/tag/telemetry/battery {"v":97,"ts":1767225600000,"q":"good","seq":1,"boot":3,"schema":"reading.v1"}""",
                """acme/berlin/tag/telemetry/battery {"v":96,"ts":1767225600000,"q":"good","seq":2,"boot":3,"schema":"reading.v1"}""",
            ],
            _broker.Take());

        // Its link begins anew, and still wants it.
        var again = tag with { Link = tag.Link with { } };
        pipeline.Take([boiler], [], [again]);
        pipeline.Report(Reading.Good(battery, PointValue.Of(95m), _time.GetUtcNow()));
        Assert.Empty(_broker.Take());
        Assert.True(pipeline.Found(again));
        var known = battery with { };
        pipeline.Found(known);
        pipeline.Report(Reading.Good(known, PointValue.Of(94m), _time.GetUtcNow()));
        Assert.Contains("\"v\":94,\"ts\":1767225600000,\"q\":\"good\",\"seq\":3", Assert.Single(_broker.Take()), StringComparison.Ordinal);

        pipeline.Take([boiler], []);
        pipeline.Report(Reading.Good(known, PointValue.Of(93m), _time.GetUtcNow()));
        Assert.Empty(_broker.Take());
        Assert.Empty(pipeline.FoundDevices);
    }

    [Fact]
    public void Found_MoreOfAPoint_TakesItsPlace_AndGoesOnCounting()
    {
        var tag = TestDevice.With("tag", TestDevice.Point("t"));
        var pipeline = Pipeline(tag);
        pipeline.Report(Good(tag, 0, 1));
        var known = tag.Points[0] with { Unit = "°C" };
        pipeline.Found(known);
        _broker.Take();
        pipeline.Report(Reading.Good(known, PointValue.Of(2m), _time.GetUtcNow()));
        Assert.Equal(["""acme/berlin/tag/telemetry/t {"v":2,"ts":1767225600000,"unit":"°C","q":"good","seq":2,"boot":3,"schema":"reading.v1"}"""], _broker.Take());
        Assert.Single(pipeline.Devices[0].Points);
    }

    [Fact]
    public void Found_AnIdOfAnother_IsRefused()
    {
        var pipeline = Pipeline(TestDevice.With("boiler", TestDevice.Point("t")));
        Assert.False(pipeline.Found(TestDevice.With("boiler")));
    }

    [Fact]
    public void Withdraw_TakesBackWhatIsRetained()
    {
        Pipeline(TestDevice.With("boiler", TestDevice.Point("t"))).Withdraw("boiler");
        Assert.Equal(["acme/berlin/boiler/status (retained) ", "acme/berlin/boiler/health (retained) ", "acme/berlin/boiler/state (retained) "], _broker.Take());
    }

    private Reading Good(DeviceOptions device, int point, decimal value) => Reading.Good(device.Points[point], PointValue.Of(value), _time.GetUtcNow());

    private ReadingPipeline Pipeline(params DeviceOptions[] devices) => new(
        devices, TestDevice.Topics, boot: 3, _broker, new ClockTrust(ClockMode.Trusted, _time), _time, new PipelineMetrics(), NullLogger<ReadingPipeline>.Instance);
}
