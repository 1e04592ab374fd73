using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Message Expiry Interval and age: what has lived too long is not sent, what is sent says what is left (MQTT 5.0 §3.3.2.3.3); no clock that jumps takes anything away.</summary>
public sealed class ExpiryTests
{
    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Lifetime_Ended_IsAGap_OthersGoWithWhatIsLeft(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.AppendAsync(stream, "short", lifetime: 5);
        await box.AppendAsync(stream, "long", lifetime: 500);
        await box.AppendAsync(stream, "endless");
        box.Time.Advance(TimeSpan.FromSeconds(6.5));
        var entries = OutboxBox.ReadAll(stream);
        Assert.Equal(["long", "endless"], OutboxBox.Texts(entries));
        Assert.Equal([494u, null], entries.Select(e => e.Message.Properties.MessageExpiryInterval));
        Assert.Equal([(1UL, 1UL, GapReason.Expired)], OutboxBox.GapsOf(stream));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Lifetime_OfTheOldest_EndsWithoutAReader(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.AppendAsync(stream, "short", lifetime: 5);
        await box.AppendAsync(stream, "short", lifetime: 7);
        await box.AppendAsync(stream, "long", lifetime: 500);
        box.Time.Advance(TimeSpan.FromSeconds(10));
        await box.SettleAsync();
        Assert.Equal((3UL, 4UL, 0UL, 2UL), OutboxBox.Figures(stream));
        Assert.Equal([(1UL, 2UL, GapReason.Expired)], OutboxBox.GapsOf(stream));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Lifetime_EndsInFlight_IsNotReadAgain(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.AppendAsync(stream, "held", lifetime: 5);
        await box.AppendAsync(stream, "next");
        Assert.True(stream.TryRead(1, out _));
        box.Time.Advance(TimeSpan.FromSeconds(30));
        await box.SettleAsync();
        Assert.Empty(stream.Gaps);

        // Upstream did not want it yet: it is read again to be sent again.
        Assert.True(stream.TryRead(1, out var entry));
        Assert.Equal(2UL, entry.Seq);
        Assert.Equal([(1UL, 1UL, GapReason.Expired)], OutboxBox.GapsOf(stream));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Lifetime_OverARestart_GoesOn(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        await box.AppendAsync(box.Stream(), "m", lifetime: 100);
        box.Time.Advance(TimeSpan.FromSeconds(40));
        await box.ReopenAsync();
        box.Time.Advance(TimeSpan.FromSeconds(40));
        var stream = box.Stream();
        Assert.True(stream.TryRead(1, out var entry));
        Assert.Equal(20u, entry.Message.Properties.MessageExpiryInterval);
        stream.Rewind();
        await box.ReopenAsync();
        box.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(box.Stream().TryRead(1, out _));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Boot_ClockTrusted_TimeOffCounts(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        await box.AppendAsync(box.Stream(), "m", lifetime: 3_600);
        await box.AppendAsync(box.Stream(lane: Lane.Alarm), "m");
        await box.RebootAsync(TimeSpan.FromDays(8), trusted: true);
        var (telemetry, alarm) = (box.Stream(), box.Stream(lane: Lane.Alarm));
        Assert.False(telemetry.TryRead(1, out _));
        Assert.False(alarm.TryRead(1, out _));
        Assert.Equal([(1UL, 1UL, GapReason.Expired)], OutboxBox.GapsOf(telemetry));
        Assert.Equal([(1UL, 1UL, GapReason.Age)], OutboxBox.GapsOf(alarm));
    }

    [Theory]
    [InlineData(OutboxKind.Memory, 3650)]
    [InlineData(OutboxKind.SimulatedDisk, 3650)]
    [InlineData(OutboxKind.RealDisk, 3650)]
    [InlineData(OutboxKind.Memory, -3650)]
    [InlineData(OutboxKind.SimulatedDisk, -3650)]
    [InlineData(OutboxKind.RealDisk, -3650)]
    public async Task Boot_ClockNotTrusted_OnlyTimeSinceTheBootCounts(OutboxKind kind, int days)
    {
        await using var box = OutboxBox.Open(kind);
        await box.AppendAsync(box.Stream(), "m", lifetime: 3_600);
        box.Time.JumpWallClock(TimeSpan.FromDays(days));
        await box.RebootAsync(TimeSpan.FromDays(8), trusted: false);
        box.Time.Advance(TimeSpan.FromSeconds(600));
        await box.SettleAsync();
        var stream = box.Stream();
        Assert.True(stream.TryRead(1, out var entry));
        Assert.InRange(entry.Message.Properties.MessageExpiryInterval!.Value, 2_990u, 3_000u);
        stream.Rewind();
        box.Time.Advance(TimeSpan.FromSeconds(3_000));
        Assert.False(stream.TryRead(1, out _));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Age_OlderThanTheLimit_DroppedWithoutAReader(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream(new StreamLimits { Age = TimeSpan.FromHours(1) });
        await box.AppendAsync(stream, "old");
        box.Time.Advance(TimeSpan.FromMinutes(50));
        await box.AppendAsync(stream, "young");
        await box.SettleAsync();
        Assert.Empty(stream.Gaps);
        box.Time.Advance(TimeSpan.FromMinutes(11));
        await box.SettleAsync();
        Assert.Equal([(1UL, 1UL, GapReason.Age)], OutboxBox.GapsOf(stream));
        Assert.Equal(2UL, stream.Ledger.Oldest);
    }
}
