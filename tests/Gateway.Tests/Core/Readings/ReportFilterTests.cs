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
        var filter = new ReportFilter(ReportOptions.Always, _time);
        Assert.All(Enumerable.Repeat(1m, 5), v => Assert.True(filter.ShouldReport(Good(v))));
    }

    [Fact]
    public void Bad_OnTransitionAndThenAtLeast_IsReported()
    {
        var filter = new ReportFilter(ReportOptions.Always, _time);
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
        var filter = new ReportFilter(new ReportOptions(0.5m, TimeSpan.FromSeconds(60)), _time);
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
        var filter = new ReportFilter(new ReportOptions(0, TimeSpan.FromSeconds(60)), _time);
        Assert.True(filter.ShouldReport(Good(20)));
        Assert.False(filter.ShouldReport(Good(20)));
        Assert.True(filter.ShouldReport(Good(20.001m)));
    }

    [Fact]
    public void Change_Boolean_ReportsTheFlip()
    {
        var filter = new ReportFilter(new ReportOptions(0.5m, TimeSpan.FromSeconds(60)), _time);
        Assert.True(filter.ShouldReport(Reading.Good(_point, PointValue.Of(false), default)));
        Assert.False(filter.ShouldReport(Reading.Good(_point, PointValue.Of(false), default)));
        Assert.True(filter.ShouldReport(Reading.Good(_point, PointValue.Of(true), default)));
    }

    private Reading Good(decimal value) => Reading.Good(_point, PointValue.Of(value), default);

    private Reading Bad() => Reading.Bad(_point, "timeout", default);
}
