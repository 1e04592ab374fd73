using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Of a retained topic, only the newest message is worth sending.</summary>
public sealed class ConflationTests
{
    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Newer_OfTheSameTopic_OlderIsSuperseded(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.AppendAsync(stream, "online", "a/status", retain: true);
        await box.AppendAsync(stream, "online", "b/status", retain: true);
        await box.AppendAsync(stream, "event", "a/status");
        await box.AppendAsync(stream, "offline", "a/status", retain: true);
        await box.ReopenAsync();
        stream = box.Stream();
        Assert.Equal(["online", "event", "offline"], OutboxBox.Texts(OutboxBox.ReadAll(stream)));
        Assert.Equal([(1UL, 1UL, GapReason.Superseded)], OutboxBox.GapsOf(stream));
        Assert.Equal(1UL, box.Counted(Lane.Telemetry, GapReason.Superseded));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Newer_NotTaken_OlderIsSent(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream(new StreamLimits { Size = (2 * OutboxBox.Block) + 500, WhenFull = WhenFull.DropNewest });
        await box.AppendAsync(stream, "online", "a/status", retain: true);
        await box.AppendAsync(stream, new string('x', 5_000), "a/status", retain: true);
        Assert.Equal(["online"], OutboxBox.Texts(OutboxBox.ReadAll(stream)));
        Assert.Equal([(2UL, 2UL, GapReason.Size)], OutboxBox.GapsOf(stream));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Runs_OfSuperseded_AreOneGap(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        for (var i = 1; i <= 100; i++)
        {
            await box.AppendAsync(stream, $"{i}", $"{i % 4}/status", retain: true);
        }

        Assert.Equal(["97", "98", "99", "100"], OutboxBox.Texts(OutboxBox.ReadAll(stream)));
        Assert.Equal([(1UL, 96UL, GapReason.Superseded)], OutboxBox.GapsOf(stream));
    }
}
