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

    [Theory]
    [InlineData(3650, true)]
    [InlineData(-3650, true)]
    [InlineData(3650, false)]
    [InlineData(-3650, false)]
    public async Task Expiry_WallClockJumpsWithinABoot_CountsTheTimeThatWentBy(int days, bool trusted)
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Clock.IsTrusted = trusted;
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "m", properties: Expiring(60));
        box.Time.JumpWallClock(TimeSpan.FromDays(days));
        box.Time.Advance(TimeSpan.FromSeconds(10));
        await box.TurnsAsync();
        Assert.True(stream.TryRead(1, out var entry));
        Assert.Equal(50u, entry.Message.Properties.MessageExpiryInterval);
        stream.Rewind();

        // A restart of the process is no reboot: boot time goes on.
        await box.ReopenAsync();
        stream = box.Stream();
        Assert.True(stream.TryRead(1, out entry));
        Assert.Equal(50u, entry.Message.Properties.MessageExpiryInterval);
        stream.Rewind();
        box.Time.JumpWallClock(TimeSpan.FromDays(-days));
        box.Time.Advance(TimeSpan.FromSeconds(51));
        Assert.False(stream.TryRead(1, out _));
        Assert.Equal(GapReason.Expired, Assert.Single(stream.Gaps).Reason);
    }

    /// <summary>Either end untrusted: only what this boot has lasted counts, for age and for expiry.</summary>
    [Theory]
    [InlineData(3650, false, true)]
    [InlineData(-3650, false, true)]
    [InlineData(3650, true, false)]
    [InlineData(-3650, true, false)]
    [InlineData(3650, false, false)]
    [InlineData(-3650, false, false)]
    public async Task Expiry_AcrossBootsOneEndUntrusted_CountsThisBootOnly(int days, bool before, bool after)
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Clock.IsTrusted = before;
        box.Open();
        var stream = box.Stream(limits: new StreamLimits { Age = TimeSpan.FromMinutes(5) });
        await box.AppendAsync(stream, "plain");
        await box.AppendAsync(stream, "expiring", properties: Expiring(60));
        box.Time.JumpWallClock(TimeSpan.FromDays(days));
        box.Clock.IsTrusted = after;
        await box.RebootAsync(TimeSpan.FromHours(1));
        stream = box.Stream(limits: new StreamLimits { Age = TimeSpan.FromMinutes(5) });
        box.Time.Advance(TimeSpan.FromSeconds(10));
        await box.TurnsAsync();
        Assert.Equal(["plain", "expiring"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));
        Assert.True(stream.TryRead(2, out var entry));
        Assert.Equal(50u, entry.Message.Properties.MessageExpiryInterval);
        stream.Rewind();
        box.Time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(["plain"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));
    }

    /// <summary>Both ends trusted and the wall clock set back in between: a negative age is none, and this boot counts at least.</summary>
    [Fact]
    public async Task Age_AcrossTrustedBootsSetBack_DropsNothing()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        await box.AppendAsync(box.Stream(), "m", properties: Expiring(7_200));
        box.Time.JumpWallClock(TimeSpan.FromDays(-3650));
        await box.RebootAsync(TimeSpan.FromHours(1));
        var stream = box.Stream();
        box.Time.Advance(TimeSpan.FromSeconds(10));
        await box.TurnsAsync();
        Assert.True(stream.TryRead(1, out var entry));
        Assert.Equal(7_190u, entry.Message.Properties.MessageExpiryInterval);
        await box.AppendAsync(stream, "next");
        Assert.True(stream.TryRead(2, out _));
    }

    private static Gateway.Mqtt.MessageProperties Expiring(uint seconds) => Gateway.Mqtt.MessageProperties.None with { MessageExpiryInterval = seconds };
}
