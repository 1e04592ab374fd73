using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Core;
using Gateway.Tests.Core;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Heard;

public sealed class HeardDeviceRunTests
{
    private static readonly RhythmLimits s_limits = new(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), TimeSpan.FromHours(25));

    private readonly FakeTime _time = new();
    private readonly RecordingSink _sink = new();

    [Fact]
    public void Heard_PointsAuto_FindsEachOnce_AndKeepsItsUnit()
    {
        var run = Auto();
        run.Heard(Values(("temperature", 21.5m), ("humidity", 40m)));
        run.Heard(Values(("temperature", 21.6m)));

        Assert.Equal(["tag/temperature", "tag/humidity"], _sink.Founds);
        Assert.Equal([("temperature", "21.5"), ("humidity", "40"), ("temperature", "21.6")], _sink.Readings.Select(r => (r.Point.Id, r.Value.ToString())));
        Assert.Equal("°C", _sink.Readings[0].Point.Unit);
        Assert.Equal(("tag", new DeviceState(true)), Assert.Single(_sink.States));
        Assert.Equal(["tag", "tag"], _sink.Cycles);
    }

    [Fact]
    public void Heard_ListedPoints_OnlyThose_ScaledAndJudged()
    {
        var run = Run(With(
            TestDevice.Point("t") with { Address = new HeardPoint("temperature"), Scale = 2, Offset = 1, Plausible = new(null, 50) },
            TestDevice.Point("humidity") with { Address = new HeardPoint(null), Unit = "%" }));
        run.Heard(Values(("temperature", 10m), ("humidity", 40m), ("battery", 3m)));
        run.Heard(Values(("temperature", 30m)));

        Assert.Empty(_sink.Founds);
        Assert.Equal([("t", "21", null), ("humidity", "40", null), ("t", "null", "implausible: 61 is above 50")], _sink.Readings.Select(r => (r.Point.Id, r.Value.ToString(), r.Error)));
    }

    [Fact]
    public void Heard_AListedPointWithoutUnit_HasTheDecodersFromTheFirstReadingOn()
    {
        var run = Run(With(TestDevice.Point("temperature") with { Address = new HeardPoint(null), Precision = 0 }));
        run.Heard(Values(("temperature", 21.5m)));
        run.Heard(Values(("temperature", 22.4m)));
        Assert.Equal(["tag/temperature"], _sink.Founds);
        Assert.Equal([("°C", "22"), ("°C", "22")], _sink.Readings.Select(r => (r.Point.Unit, r.Value.ToString())));
    }

    [Fact]
    public void Heard_ANameThatIsNoId_OrTooManyNames_FindsNoMore()
    {
        var run = Auto();
        run.Heard(Values(("Nasty/../#", 1m)));
        for (var i = 0; i < 100; i++)
        {
            run.Heard(Values(($"field-{i}", 1m)));
        }

        Assert.Equal(DecodedValues.Most, _sink.Founds.Count);
        Assert.DoesNotContain(_sink.Founds, f => f.Contains('#'));
    }

    [Fact]
    public void Heard_AnEvent_IsAlwaysReported_AndNeverRepeated()
    {
        var run = Auto();
        var values = new DecodedValues();
        values.AddEvent("button", PointValue.Of("press"));
        run.Heard(values);
        Assert.Equal(ReportWhen.Always, _sink.Readings[0].Point.Report.When);

        _time.Advance(TimeSpan.FromMinutes(1));
        run.HeardAgain(Values());
        Assert.Single(_sink.Readings);
    }

    [Fact]
    public void HeardAgain_NothingNew_OffersTheLastValuesNowAndThen()
    {
        var run = Auto();
        run.Heard(Values(("temperature", 21.5m)));
        _time.Advance(TimeSpan.FromSeconds(1));
        run.HeardAgain(Values());
        Assert.Single(_sink.Readings);

        _time.Advance(HeardDeviceRun.RepeatEvery);
        run.HeardAgain(Values());
        Assert.Equal(2, _sink.Readings.Count);
        Assert.Equal(_time.GetUtcNow(), _sink.Readings[1].At);
    }

    [Fact]
    public void Check_SilenceIsTooLong_OfflineOnce_AllPointsBad_AndBackWithTheNextWord()
    {
        var run = Auto();
        run.Heard(Values(("temperature", 21.5m)));
        _time.Advance(s_limits.Unknown);
        run.Check();
        Assert.Single(_sink.States);

        _time.Advance(TimeSpan.FromSeconds(1));
        run.Check();
        run.Check();
        Assert.Equal((false, "not heard for 5m"), (_sink.States[1].State.Online, _sink.States[1].State.Reason));
        Assert.Equal((Quality.Bad, "not heard for 5m"), (_sink.Readings[^1].Quality, _sink.Readings[^1].Error));
        Assert.Equal(2, _sink.Readings.Count);

        run.Heard(Values(("temperature", 21.5m)));
        Assert.True(_sink.States[2].State.Online);
        Assert.Equal(Quality.Good, _sink.Readings[^1].Quality);
    }

    [Fact]
    public void Check_NeverHeard_OfflineAfterTheFirstPatience_NotBefore()
    {
        var run = Run(With(TestDevice.Point("temperature") with { Address = new HeardPoint(null) }));
        run.Check();
        Assert.Empty(_sink.States);
        _time.Advance(s_limits.Unknown + TimeSpan.FromSeconds(1));
        run.Check();
        Assert.Equal("not heard since the start", Assert.Single(_sink.States).State.Reason);
        Assert.Equal(Quality.Bad, Assert.Single(_sink.Readings).Quality);
    }

    [Fact]
    public void Check_OfflineAfterIsConfigured_CountsInsteadOfTheRhythm()
    {
        var run = Run(With() with { Address = new TestHeardDevice { OfflineAfter = TimeSpan.FromSeconds(3) } });
        run.HeardAgain(Values());
        _time.Advance(TimeSpan.FromSeconds(4));
        run.Check();
        Assert.Equal("not heard for 3s", _sink.States[^1].State.Reason);
    }

    [Fact]
    public void Check_APointThatIsNotSent_IsBadWithTheReason()
    {
        var run = Run(With(TestDevice.Point("t") with { Address = new HeardPoint("temprature") }));
        for (var i = 0; i < 31; i++)
        {
            run.Heard(Values(("temperature", 21m)));
            _time.Advance(TimeSpan.FromSeconds(10));
            run.Check();
        }

        Assert.Equal("the device does not send temprature", _sink.Readings[0].Error);
        Assert.True(_sink.States[^1].State.Online);
    }

    [Fact]
    public void Refused_ADeviceThatSaysNothingElse_IsOfflineWithTheReason_OneThatIsWellIsNot()
    {
        var locked = Auto();
        locked.Refused("wrong key", "copy the key from the maker's app");
        Assert.Equal(new DeviceState(false, "wrong key", "copy the key from the maker's app"), _sink.States[0].State);

        var well = Auto();
        well.Heard(Values(("temperature", 21m)));
        well.Refused("replayed", null);
        Assert.True(_sink.States[^1].State.Online);
        _time.Advance(s_limits.Unknown + TimeSpan.FromSeconds(1));
        well.Check();
        Assert.Equal("replayed", _sink.States[^1].State.Reason);
    }

    [Fact]
    public void LineDown_IsTheReasonForAll_AndSaidAgainNowAndThen()
    {
        var run = Auto();
        run.Heard(Values(("temperature", 21m)));
        run.LineDown("no adapter", "plug it in");
        run.LineDown("no adapter", "plug it in");
        Assert.Equal("no adapter", Assert.Single(_sink.Readings, r => r.Quality == Quality.Bad).Error);
        _time.Advance(HeardDeviceRun.RepeatEvery);
        run.LineDown("no adapter", "plug it in");
        Assert.Equal(2, _sink.Readings.Count(r => r.Quality == Quality.Bad));
        Assert.Equal(2, _sink.States.Count);
    }

    [Fact]
    public void LineUp_EverybodyHasANewPatience_AndThePauseIsNoneOfTheirs()
    {
        var run = Auto();
        run.Heard(Values(("temperature", 21m)));
        run.LineDown("no adapter", "plug it in");
        _time.Advance(TimeSpan.FromHours(2));
        run.LineUp();
        run.Check();
        Assert.Equal("no adapter", _sink.States[^1].State.Reason);
        run.Heard(Values(("temperature", 21m)));
        Assert.True(_sink.States[^1].State.Online);
        Assert.Equal(s_limits.Unknown, run.Silence);
    }

    [Fact]
    public void LastSeen_OnlyOnRequest_IsToldWithEverySignOfLife()
    {
        var run = Run(With(TestDevice.Point("seen") with { Address = new HeardPoint(HeardFields.LastSeen) }));
        run.HeardAgain(Values());
        _time.Advance(TimeSpan.FromSeconds(2));
        run.HeardAgain(Values());
        Assert.Equal(["1735689600000", "1735689602000"], _sink.Readings.Select(r => r.Value.ToString()));
    }

    private static DecodedValues Values(params (string Field, decimal Value)[] values)
    {
        var decoded = new DecodedValues();
        foreach (var (field, value) in values)
        {
            decoded.Add(field, PointValue.Of(value), "°C");
        }

        return decoded;
    }

    private static DeviceOptions With(params PointOptions[] points) => TestDevice.With("tag", points) with { Address = new TestHeardDevice() };

    private HeardDeviceRun Auto() => Run(With() with { FindsPoints = true });

    private HeardDeviceRun Run(DeviceOptions options) => new(options, s_limits, _sink, _time);

    private sealed record TestHeardDevice : HeardDevice;
}
