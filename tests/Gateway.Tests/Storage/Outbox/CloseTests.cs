using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>A stream whose sender has gone is kept as it is, until another one opens it.</summary>
public sealed class CloseTests
{
    [Theory]
    [InlineData(OutboxKind.SimulatedDisk)]
    [InlineData(OutboxKind.RealDisk)]
    public async Task Close_KeepsEverything_AlsoWhatWasOnItsWay_AndTheNextSenderGoesOn(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var first = box.Stream(new StreamLimits { Size = 64 << 10, Age = TimeSpan.FromHours(1), WhenFull = WhenFull.DropOldest });
        await box.FillAsync(first, 3);
        OutboxBox.ReadAll(first);
        first.Acknowledge(1);
        first.Rewind();

        box.Outbox.Close(first.Id);
        await box.FillAsync(first, 40, from: 4);
        box.Time.Advance(TimeSpan.FromDays(1));
        await box.SettleAsync();

        Assert.Equal((2UL, 44UL, 1UL, 0UL), OutboxBox.Figures(first));
        var second = box.Stream();
        Assert.Equal((first.Epoch, first.Id), (second.Epoch, second.Id));
        Assert.Equal(42, OutboxBox.ReadAll(second).Count);
    }

    [Fact]
    public async Task Close_NeverOpened_IsNothing()
    {
        await using var box = OutboxBox.Open(OutboxKind.SimulatedDisk);
        box.Outbox.Close(box.IdOf(Lane.Alarm));
        Assert.Empty(box.Outbox.Known);
    }
}
