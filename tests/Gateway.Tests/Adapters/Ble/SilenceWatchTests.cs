using Gateway.Adapters.Ble;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Ble;

public class SilenceWatchTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Due_NothingHeardYet_IsTheUnknownRhythm() => Assert.Equal(SilenceWatch.Limits.Unknown, Left(new(_time)));

    [Fact]
    public void Due_BusyPlace_IsTheLeast()
    {
        var watch = new SilenceWatch(_time);
        Hear(watch, 50, TimeSpan.FromMilliseconds(100));
        Assert.Equal(SilenceWatch.Limits.Least, Left(watch));
    }

    [Fact]
    public void Due_OneSlowBeacon_IsItsRhythmAndNotMore()
    {
        var watch = new SilenceWatch(_time);
        Hear(watch, 12, TimeSpan.FromSeconds(30));
        Assert.InRange(Left(watch), TimeSpan.FromMinutes(2), SilenceWatch.Limits.Most);
    }

    [Fact]
    public void Take_StaysSilent_RestartsCyclesTellsAndGoesOnMoreAndMoreSeldom()
    {
        var watch = new SilenceWatch(_time);
        Hear(watch, 50, TimeSpan.FromSeconds(1));
        var (steps, pauses) = (new List<SilenceStep>(), new List<double>());
        for (var i = 0; i < 20; i++)
        {
            pauses.Add(Left(watch).TotalMinutes);
            _time.Advance(Left(watch));
            steps.Add(watch.Take());
            if (steps[^1] == SilenceStep.PowerCycle)
            {
                watch.Opened();
            }
        }

        Assert.Equal([SilenceStep.RestartScan, SilenceStep.PowerCycle, SilenceStep.Tell, SilenceStep.RestartScan, SilenceStep.PowerCycle, SilenceStep.RestartScan], steps[..6]);
        Assert.Single(steps, SilenceStep.Tell);
        Assert.Equal([1, 1, 1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 32, 32, 60, 60, 60, 60, 60, 60], pauses);
        Assert.True(watch.IsTold);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void Heard_AfterACure_NamesItAndBeginsAnew(int steps, int cure)
    {
        var watch = new SilenceWatch(_time);
        for (var i = 0; i < steps; i++)
        {
            _time.Advance(Left(watch));
            watch.Take();
        }

        Assert.Equal((SilenceStep)cure, watch.Heard());
        Assert.Equal(SilenceStep.None, watch.Heard());
        _time.Advance(Left(watch));
        Assert.Equal(SilenceStep.RestartScan, watch.Take());
    }

    [Fact]
    public void Opened_AfterALongAbsence_SilenceBeginsThen()
    {
        var watch = new SilenceWatch(_time);
        Hear(watch, 50, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromDays(1));
        watch.Opened();
        Assert.Equal(SilenceWatch.Limits.Least, Left(watch));
        Assert.Equal(TimeSpan.Zero, watch.Silence);
    }

    private TimeSpan Left(SilenceWatch watch) => _time.GetElapsedTime(_time.GetTimestamp(), watch.Due);

    private void Hear(SilenceWatch watch, int times, TimeSpan pause)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(pause);
            watch.Heard();
        }
    }
}
