using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What a full stream does with a message, by policy and by whether somebody waits: it is taken, or it has a number and a gap, or its publisher is told.</summary>
public sealed class PolicyTests
{
    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Refuse_SomebodyWaits_IsToldAndNoNumberIsGiven(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = await FullAsync(box, WhenFull.Refuse);
        Assert.Equal(new AppendResult(AppendStatus.Refused, 0), box.Append(stream, new string('x', 10_000)));
        Assert.Equal((1UL, 5UL, 0UL, 0UL), OutboxBox.Figures(stream));
        Assert.Equal(4, OutboxBox.ReadAll(stream).Count);
        stream.Acknowledge(1);
        stream.Acknowledge(2);
        await box.AppendAsync(stream, "fits again");
        Assert.Empty(stream.Gaps);
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Refuse_NobodyWaits_IsAGap(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = await FullAsync(box, WhenFull.Refuse);
        var result = box.Append(stream, new string('x', 10_000), Urgency.Window);
        Assert.Equal(AppendStatus.Accepted, result.Status);
        Assert.Equal(5UL, stream.Ledger.Next);
        await box.PassWindowAsync(result);
        Assert.Equal((1UL, 6UL, 0UL, 0UL), OutboxBox.Figures(stream));
        Assert.Equal([(5UL, 5UL, GapReason.Size)], OutboxBox.GapsOf(stream));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task DropNewest_IsAGapBeforeItsPublisherHearsOfIt(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = await FullAsync(box, WhenFull.DropNewest);
        for (var i = 0; i < 3; i++)
        {
            var result = box.Append(stream, new string('x', 10_000));
            Assert.Equal(AppendStatus.Accepted, result.Status);
            Assert.True(await box.Durability.WaitAsync(result.Lsn));
            Assert.Equal(6UL + (ulong)i, stream.Ledger.Next);
        }

        Assert.Equal(4, OutboxBox.ReadAll(stream).Count);
        Assert.Equal([(5UL, 7UL, GapReason.Size)], OutboxBox.GapsOf(stream));
        Assert.Equal(3UL, box.Counted(Lane.Telemetry, GapReason.Size));
        await box.ReopenAsync();
        Assert.Equal([(5UL, 7UL, GapReason.Size)], OutboxBox.GapsOf(box.Stream()));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task TooLarge_SomebodyWaits_IsToldAndNoNumberIsGiven(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        Assert.Equal(new AppendResult(AppendStatus.Refused, 0), box.Append(stream, new string('x', OutboxBox.TooLarge)));
        await box.AppendAsync(stream, "small");
        Assert.Equal((1UL, 2UL, 0UL, 0UL), OutboxBox.Figures(stream));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task TwoLanes_OneRefuses_NoneTakesWhatSomebodyWaitsFor(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var full = await FullAsync(box, WhenFull.Refuse);
        var free = box.Stream(lane: Lane.Alarm);
        var message = JournalHarness.Message("t", new string('x', 10_000));
        OutboxTarget[] both = [new OutboxTarget(free, null), new OutboxTarget(full, null)];
        Assert.Equal(AppendStatus.Refused, box.Outbox.Append(message, both, Urgency.Immediate).Status);
        await box.PassWindowAsync(box.Outbox.Append(message, both, Urgency.Window));
        Assert.Equal((1UL, 2UL, 0UL, 0UL), OutboxBox.Figures(free));
        Assert.Equal([(5UL, 5UL, GapReason.Size)], OutboxBox.GapsOf(full));
        Assert.Single(OutboxBox.ReadAll(free));
    }

    private static async Task<IOutboxStream> FullAsync(OutboxBox box, WhenFull policy)
    {
        var stream = box.Stream(new StreamLimits { Size = 5 * OutboxBox.Block, WhenFull = policy });
        await box.FillAsync(stream, 4);
        return stream;
    }
}
