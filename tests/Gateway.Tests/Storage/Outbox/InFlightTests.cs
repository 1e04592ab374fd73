using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Several in flight, answered in any order, forgotten in theirs; nothing takes them away but their sender.</summary>
public sealed class InFlightTests
{
    private static readonly StreamLimits s_small = new() { Size = 10 * OutboxBox.Block };

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Acknowledge_AnyOrder_CursorMovesOverWhatIsContiguous(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.FillAsync(stream, 5);
        OutboxBox.ReadAll(stream);
        stream.Acknowledge(3);
        stream.Acknowledge(2);
        Assert.Equal((1UL, 6UL, 0UL, 0UL), OutboxBox.Figures(stream));
        stream.Acknowledge(1);
        Assert.Equal((4UL, 6UL, 3UL, 0UL), OutboxBox.Figures(stream));
        stream.Acknowledge(5);
        stream.Acknowledge(4);
        Assert.Equal((6UL, 6UL, 5UL, 0UL), OutboxBox.Figures(stream));
        Assert.Equal(0, stream.Bytes);
        Assert.Empty(stream.Gaps);
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Acknowledge_NotInFlight_Ignored(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.AppendAsync(stream, "m");
        stream.Acknowledge(1);
        stream.Acknowledge(7);
        Assert.Equal(1UL, stream.Ledger.Oldest);
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Rewind_InFlight_ReadAgainWithTheSameNumbers(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.FillAsync(stream, 5);
        OutboxBox.ReadAll(stream);
        stream.Acknowledge(2);
        stream.Rewind();
        Assert.Equal(["m1", "m3", "m4", "m5"], OutboxBox.Texts(OutboxBox.ReadAll(stream)));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task TryRead_InFlight_SameEntryAgain(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.FillAsync(stream, 5);
        OutboxBox.ReadAll(stream);
        Assert.True(stream.TryRead(2, out var again));
        Assert.Equal(2UL, again.Seq);
        stream.Acknowledge(2);
        Assert.True(stream.TryRead(2, out again));
        Assert.Equal(3UL, again.Seq);
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Overrun_InFlight_StaysAndWhatIsBehindGoes(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream(s_small);
        await box.FillAsync(stream, 3);
        OutboxBox.ReadAll(stream);
        await box.FillAsync(stream, 37, from: 4);
        await box.SettleAsync();
        Assert.Equal((1UL, 41UL, 0UL, 0UL), OutboxBox.Figures(stream));
        Assert.InRange(stream.Bytes, 1, s_small.Size);
        Assert.True(stream.TryRead(4, out var entry));
        Assert.Equal([(4UL, entry.Seq - 1, GapReason.Size)], OutboxBox.GapsOf(stream));
        foreach (var seq in new ulong[] { 1, 2, 3 })
        {
            stream.Acknowledge(seq);
        }

        Assert.Equal((entry.Seq, 41UL, 3UL, entry.Seq - 4), OutboxBox.Figures(stream));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Age_InFlight_StaysUntilItsConnectionEnds(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream(new StreamLimits { Age = TimeSpan.FromHours(1) });
        await box.FillAsync(stream, 2);
        Assert.True(stream.TryRead(1, out _));
        box.Time.Advance(TimeSpan.FromHours(2));
        await box.SettleAsync();
        Assert.Equal([(2UL, 2UL, GapReason.Age)], OutboxBox.GapsOf(stream));
        Assert.True(stream.TryRead(1, out var again));
        Assert.Equal(1UL, again.Seq);
        stream.Rewind();
        await box.SettleAsync();
        Assert.Equal((3UL, 3UL, 0UL, 2UL), OutboxBox.Figures(stream));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Retained_InFlight_IsNotSuperseded(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.AppendAsync(stream, "online", "a/status", retain: true);
        OutboxBox.ReadAll(stream);
        await box.AppendAsync(stream, "offline", "a/status", retain: true);
        Assert.Equal(["online", "offline"], OutboxBox.Texts(OutboxBox.ReadAll(stream)));
        stream.Rewind();
        Assert.Equal(["offline"], OutboxBox.Texts(OutboxBox.ReadAll(stream)));
        Assert.Equal([(1UL, 1UL, GapReason.Superseded)], OutboxBox.GapsOf(stream));
    }
}
