using Gateway.Storage;

namespace Gateway.Tests.Storage;

public sealed class ClockJumpTests
{
    [Theory]
    [InlineData(3650, true)]
    [InlineData(-3650, true)]
    [InlineData(3650, false)]
    public async Task WallClock_JumpsWithinABoot_DropsNothing(int days, bool trusted)
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Clock.IsTrusted = trusted;
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "m");
        box.Time.JumpWallClock(TimeSpan.FromDays(days));
        box.Time.Advance(TimeSpan.FromSeconds(10));
        await box.TurnsAsync();
        Assert.True(stream.TryRead(1, out _));
    }

    [Theory]
    [InlineData(3650)]
    [InlineData(-3650)]
    public async Task WallClock_JumpsAcrossBootsUntrusted_DropsNothing(int days)
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Clock.IsTrusted = false;
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "m");
        box.Time.JumpWallClock(TimeSpan.FromDays(days));
        await box.RebootAsync(TimeSpan.FromDays(30));
        stream = box.Stream();
        box.Time.Advance(TimeSpan.FromSeconds(10));
        await box.TurnsAsync();
        Assert.True(stream.TryRead(1, out _));
    }

    [Fact]
    public async Task Age_AcrossTrustedBoots_CountsTheTimeOff()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        await box.AppendAsync(box.Stream(), "m");
        await box.RebootAsync(TimeSpan.FromDays(8));
        var stream = box.Stream();
        Assert.False(stream.TryRead(1, out _));
        Assert.Equal(GapReason.Age, Assert.Single(stream.Gaps).Reason);
    }
}
