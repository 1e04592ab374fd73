using Gateway.Core;
using Gateway.Tests.Support;

namespace Gateway.Tests.Core.Readings;

public sealed class ReportFilterTests
{
    private readonly FakeTime _time = new();
    private readonly PointOptions _point = TestDevice.Point("t");

    [Fact]
    public void Always_EveryGoodReading_IsReported()
    {
        var filter = Filter(ReportOptions.Always);
        Assert.All(Enumerable.Repeat(1m, 5), v => Assert.True(filter.ShouldReport(Good(v))));
    }

    [Fact]
    public void Bad_OnTransitionAndThenAtLeast_IsReported()
    {
        var filter = Filter(ReportOptions.Always);
        Assert.True(filter.ShouldReport(Good(1)));
        Assert.True(filter.ShouldReport(Bad()));
        for (var second = 1; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(filter.ShouldReport(Bad()));
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(filter.ShouldReport(Bad()));
        Assert.True(filter.ShouldReport(Good(1)));
    }

    [Fact]
    public void Change_Deadband_IsMeasuredFromTheLastReport()
    {
        var filter = Filter(OnChange(0.5m));
        Assert.True(filter.ShouldReport(Good(20)));
        Assert.False(filter.ShouldReport(Good(20.4m)));
        Assert.True(filter.ShouldReport(Good(20.5m)));
        Assert.False(filter.ShouldReport(Good(20.1m)));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(filter.ShouldReport(Good(20.1m)));
    }

    [Fact]
    public void Change_OfZero_ReportsEveryDifferenceOnly()
    {
        var filter = Filter(OnChange(0));
        Assert.True(filter.ShouldReport(Good(20)));
        Assert.False(filter.ShouldReport(Good(20)));
        Assert.True(filter.ShouldReport(Good(20.001m)));
    }

    [Fact]
    public void Change_Boolean_ReportsTheFlip()
    {
        var filter = Filter(OnChange(0.5m));
        Assert.True(filter.ShouldReport(Reading.Good(_point, PointValue.Of(false), default)));
        Assert.False(filter.ShouldReport(Reading.Good(_point, PointValue.Of(false), default)));
        Assert.True(filter.ShouldReport(Reading.Good(_point, PointValue.Of(true), default)));
    }

    [Fact]
    public void Change_InPercent_IsOfTheLastReport()
    {
        var filter = Filter(OnChange(new Deadband(5, IsPercent: true)));
        Assert.True(filter.ShouldReport(Good(200)));
        Assert.False(filter.ShouldReport(Good(209.9m)));
        Assert.True(filter.ShouldReport(Good(190)));
        Assert.False(filter.ShouldReport(Good(199.4m)));
        Assert.True(filter.ShouldReport(Good(0)));
        Assert.False(filter.ShouldReport(Good(0)));
        Assert.True(filter.ShouldReport(Good(0.001m)));
    }

    [Theory]
    [InlineData(0.2f, 0.3f)]
    [InlineData(-0.3f, -0.2f)]
    [InlineData(231.3f, 231.4f)]
    public void Change_OfFloats_IsMeasuredAsTheyAreShown(float first, float second)
    {
        var filter = Filter(OnChange(0.1m));
        Assert.True(filter.ShouldReport(Reading.Good(_point, PointValue.Of(first), default)));
        Assert.True(filter.ShouldReport(Reading.Good(_point, PointValue.Of(second), default)));
        Assert.False(filter.ShouldReport(Reading.Good(_point, PointValue.Of(second + 0.05f), default)));
    }

    [Fact]
    public void Change_OfHugeNumbersAndTexts_IsSeen()
    {
        var filter = Filter(OnChange(1));
        Assert.True(filter.ShouldReport(Reading.Good(_point, PointValue.Of(1e300), default)));
        Assert.False(filter.ShouldReport(Reading.Good(_point, PointValue.Of(1e300), default)));
        Assert.True(filter.ShouldReport(Reading.Good(_point, PointValue.Of(2e300), default)));
        Assert.True(filter.ShouldReport(Reading.Good(_point, PointValue.Of("a"), default)));
        Assert.False(filter.ShouldReport(Reading.Good(_point, PointValue.Of("a"), default)));
        Assert.True(filter.ShouldReport(Reading.Good(_point, PointValue.Of("b"), default)));
    }

    [Fact]
    public void Change_FromAndToWhatIsNoNumber_IsReported()
    {
        var filter = Filter(OnChange(1));
        Assert.True(filter.ShouldReport(new(_point, PointValue.Of(double.NaN), Quality.Good, default)));
        Assert.False(filter.ShouldReport(new(_point, PointValue.Of(double.NaN), Quality.Good, default)));
        Assert.True(filter.ShouldReport(new(_point, PointValue.Of(1.0), Quality.Good, default)));
        Assert.True(filter.ShouldReport(new(_point, PointValue.Of(double.NaN), Quality.Good, default)));
    }

    [Fact]
    public void AtLeast_Alone_ReportsThenAndOnChangesOfQuality()
    {
        var filter = Filter(new(ReportWhen.AtLeast, default, TimeSpan.FromSeconds(10)));
        Assert.True(filter.ShouldReport(Good(1)));
        for (var second = 1; second < 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(filter.ShouldReport(Good(second * 100)));
        }

        Assert.True(filter.ShouldReport(Bad()));
        Assert.True(filter.ShouldReport(new(_point, PointValue.Of(5m), Quality.Uncertain, default, "old")));
        Assert.True(filter.ShouldReport(Good(5)));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(filter.ShouldReport(Good(5)));
    }

    [Fact]
    public void AtLeast_PollALittleEarly_IsNotAWholeIntervalLate()
    {
        var filter = Filter(OnChange(100));
        Assert.True(filter.ShouldReport(Good(1)));
        _time.Advance(TimeSpan.FromSeconds(59) - TimeSpan.FromMilliseconds(1));
        Assert.False(filter.ShouldReport(Good(1)));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.True(filter.ShouldReport(Good(1)));
    }

    private ReportFilter Filter(ReportOptions options) => new(options, TimeSpan.FromSeconds(1), _time);

    private static ReportOptions OnChange(Deadband change) => new(ReportWhen.Changed, change, TimeSpan.FromSeconds(60));

    private Reading Good(decimal value) => Reading.Good(_point, PointValue.Of(value), default);

    private Reading Bad() => Reading.Bad(_point, "timeout", default);
}
