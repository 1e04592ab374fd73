using Gateway.Storage;
using Gateway.Tests.Support;

namespace Gateway.Tests.Storage;

public sealed class WearMeterTests
{
    private const long Megabyte = 1_000_000;

    private readonly FakeTime _time = new();
    private readonly WearMeter _meter;

    public WearMeterTests() => _meter = new WearMeter(_time);

    [Fact]
    public void Figures_FirstHour_HasNoForecast()
    {
        Write(TimeSpan.FromMinutes(59), 24);
        Assert.Equal((null, null, 24 * Megabyte), (_meter.Figures.Daily, _meter.Figures.Years(1L << 40), _meter.Figures.TotalWritten));
        Assert.Equal(2.0, _meter.Figures.Ratio);
    }

    [Fact]
    public void Figures_FirstDay_IsSinceTheStart()
    {
        Write(TimeSpan.FromHours(2), 50);
        var wear = _meter.Figures;
        Assert.Equal((TimeSpan.FromHours(2), wear.Uptime, 600.0 * Megabyte), (wear.Window, wear.Window, Math.Round(wear.Daily!.Value)));
        Assert.Equal(100, wear.Years((long)(600 * Megabyte * 365.25 * 100))!.Value, 3);
    }

    [Fact]
    public void Figures_LongAfterTheStart_AreOfTheLastDay()
    {
        // What was written once, at the start, does not count for ever.
        Write(TimeSpan.FromMinutes(1), 10_000);
        for (var hour = 0; hour < 40; hour++)
        {
            Write(TimeSpan.FromHours(1), 100);
        }

        var wear = _meter.Figures;
        Assert.InRange(wear.Window, TimeSpan.FromHours(24), TimeSpan.FromHours(25));
        Assert.InRange(wear.Daily!.Value, 2_300.0 * Megabyte, 2_500.0 * Megabyte);
        Assert.Equal(14_000 * Megabyte, wear.TotalWritten);
    }

    [Fact]
    public void Figures_AfterDaysOfSilence_AreZero()
    {
        Write(TimeSpan.FromHours(5), 100);
        _time.Advance(TimeSpan.FromDays(3));
        var wear = _meter.Figures;
        Assert.Equal((0.0, null, null), (wear.Daily, wear.Ratio, wear.Years(1L << 40)));
        Write(TimeSpan.FromMinutes(1), 24);
        Assert.InRange(_meter.Figures.Daily!.Value, 23.0 * Megabyte, 24.0 * Megabyte);
    }

    /// <summary>Time passes, at the end of which so many megabytes are written for half as many of messages.</summary>
    private void Write(TimeSpan passing, long megabytes)
    {
        _time.Advance(passing);
        _meter.Appended(megabytes * Megabyte / 2);
        _meter.Wrote(megabytes * Megabyte);
    }
}
