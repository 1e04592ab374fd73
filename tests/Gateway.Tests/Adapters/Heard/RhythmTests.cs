using Gateway.Adapters.Heard;

namespace Gateway.Tests.Adapters.Heard;

public sealed class RhythmTests
{
    private static readonly RhythmLimits s_limits = new(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), TimeSpan.FromHours(25));

    [Fact]
    public void Silence_NotYetKnown_IsThatOfTheKind() => Assert.Equal(s_limits.Unknown, Heard(1, 1, 1).Silence);

    [Fact]
    public void Silence_ARegularDevice_IsTenOfItsPauses() => Assert.InRange(Heard([.. Enumerable.Repeat(60.0, 20)]).Silence.TotalSeconds, 599, 601);

    [Fact]
    public void Silence_AVeryTalkativeDevice_IsNotBelowTheLeast() => Assert.Equal(s_limits.Least, Heard([.. Enumerable.Repeat(0.1, 50)]).Silence);

    [Fact]
    public void Silence_BurstsAndSleep_CoversTheSleep()
    {
        // Ten copies of each message within a second, then ten minutes of sleep.
        var rhythm = new Rhythm(s_limits);
        for (var burst = 0; burst < 30; burst++)
        {
            for (var copy = 0; copy < 9; copy++)
            {
                rhythm.Heard(TimeSpan.FromSeconds(0.1));
            }

            rhythm.Heard(TimeSpan.FromMinutes(10));
        }

        Assert.InRange(rhythm.Silence, TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(40));
    }

    [Fact]
    public void Silence_OneLongOutage_DoesNotStretchItForDays()
    {
        var rhythm = Heard([.. Enumerable.Repeat(10.0, 20)]);
        var before = rhythm.Silence;
        rhythm.Heard(TimeSpan.FromDays(2));
        Assert.InRange(rhythm.Silence, before, before * 1.6);
    }

    [Fact]
    public void Silence_ADeviceThatBecameSlower_IsLearnedAfterAFewPauses()
    {
        var rhythm = Heard([.. Enumerable.Repeat(10.0, 20)]);
        var falseAlarms = 0;
        for (var i = 0; i < 30; i++)
        {
            falseAlarms += rhythm.Silence < TimeSpan.FromMinutes(10) ? 1 : 0;
            rhythm.Heard(TimeSpan.FromMinutes(10));
        }

        Assert.InRange(falseAlarms, 1, 8);
        Assert.True(rhythm.Silence > TimeSpan.FromMinutes(20));
    }

    private static Rhythm Heard(params double[] seconds)
    {
        var rhythm = new Rhythm(s_limits);
        foreach (var pause in seconds)
        {
            rhythm.Heard(TimeSpan.FromSeconds(pause));
        }

        return rhythm;
    }
}
