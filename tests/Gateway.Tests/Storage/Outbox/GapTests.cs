using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What will never arrive is told as ranges: merged, kept over restarts, forgotten when upstream knows.</summary>
public sealed class GapTests
{
    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Abandon_BehindEntriesInFlight_IsThereToBeToldBeforeTheCursorPasses(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.FillAsync(stream, 4);
        OutboxBox.ReadAll(stream);
        stream.Abandon(2, GapReason.Refused);
        Assert.Equal([(2UL, 2UL, GapReason.Refused)], OutboxBox.GapsOf(stream));
        Assert.Equal((1UL, 5UL, 0UL, 0UL), OutboxBox.Figures(stream));
        stream.Forget(stream.Gaps[0]);
        stream.Acknowledge(1);
        Assert.Equal((3UL, 5UL, 1UL, 1UL), OutboxBox.Figures(stream));
        Assert.Empty(stream.Gaps);
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Neighbours_OfOneReason_AreOneGapInWhateverOrderTheyCome(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.FillAsync(stream, 8);
        OutboxBox.ReadAll(stream);
        foreach (var seq in new ulong[] { 6, 2, 4, 3, 7 })
        {
            stream.Abandon(seq, seq == 7 ? GapReason.Poison : GapReason.Refused);
        }

        Assert.Equal([(2UL, 4UL, GapReason.Refused), (6UL, 6UL, GapReason.Refused), (7UL, 7UL, GapReason.Poison)], OutboxBox.GapsOf(stream));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Forget_WhatWasTold_LeavesWhatGrewMeanwhile(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.FillAsync(stream, 6);
        OutboxBox.ReadAll(stream);
        stream.Abandon(3, GapReason.Refused);
        var told = stream.Gaps[0];
        stream.Abandon(2, GapReason.Refused);
        stream.Abandon(4, GapReason.Refused);
        stream.Forget(told);
        Assert.Equal([(2UL, 2UL), (4UL, 4UL)], stream.Gaps.Select(g => (g.From, g.To)));
        stream.Forget(told with { From = 1, To = 6 });
        Assert.Empty(stream.Gaps);
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Reopen_CursorGapsCountersEpoch_AsBefore(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.FillAsync(stream, 8);
        OutboxBox.ReadAll(stream);
        stream.Acknowledge(1);
        stream.Abandon(2, GapReason.Poison);
        stream.Acknowledge(4);
        stream.Abandon(5, GapReason.Refused);
        stream.Abandon(7, GapReason.Refused);
        stream.Forget(stream.Gaps[^1]);
        var (ledger, gaps, bytes) = (stream.Ledger, stream.Gaps, stream.Bytes);
        Assert.Equal([(2UL, 2UL, GapReason.Poison), (5UL, 5UL, GapReason.Refused)], OutboxBox.GapsOf(stream));

        await box.ReopenAsync();
        Assert.Contains(box.IdOf(Lane.Telemetry), box.Outbox.Known);
        stream = box.Stream();
        Assert.Equal(ledger, stream.Ledger);
        Assert.Equal(gaps, stream.Gaps);
        Assert.Equal(bytes, stream.Bytes);
        Assert.Equal(["m3", "m6", "m8"], OutboxBox.Texts(OutboxBox.ReadAll(stream)));
        await box.AppendAsync(stream, "m9");
        Assert.True(stream.TryRead(9, out var next));
        Assert.Equal("m9", JournalHarness.Text(next));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Skipped_AtTheCursor_IsPassedAtOnceAndAfterARestart(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.FillAsync(stream, 2);
        OutboxBox.ReadAll(stream);
        stream.Acknowledge(1);
        stream.Acknowledge(2);
        var skipped = box.Append(stream, new string('x', OutboxBox.TooLarge), Urgency.Window);
        Assert.Equal(AppendStatus.Refused, skipped.Status);
        await box.AppendAsync(stream, "m4");
        Assert.Equal((4UL, 5UL, 2UL, 1UL), OutboxBox.Figures(stream));
        await box.ReopenAsync();
        stream = box.Stream();
        Assert.Equal((4UL, 5UL, 2UL, 1UL), OutboxBox.Figures(stream));
        Assert.Equal([(3UL, 3UL, GapReason.Size)], OutboxBox.GapsOf(stream));
    }
}
