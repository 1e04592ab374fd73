using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What goes in comes out, once durable, in order, as it was.</summary>
public sealed class OrderTests
{
    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Append_Immediate_ReadInOrderOnceDurable(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        await box.FillAsync(stream, 50);
        var entries = OutboxBox.ReadAll(stream);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"m{i}"), OutboxBox.Texts(entries));
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (ulong)i), entries.Select(e => e.Seq));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Append_Window_DurableOnlyAfterTheWindow(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        var result = box.Append(stream, "reading", Urgency.Window);
        Assert.False(stream.TryRead(1, out _));
        await box.PassWindowAsync(result);
        Assert.Equal(["reading"], OutboxBox.Texts(OutboxBox.ReadAll(stream)));
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Append_AllProperties_ComeBack(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        var properties = new MessageProperties
        {
            IsUtf8 = true,
            ContentType = "application/json",
            ResponseTopic = "réponse",
            CorrelationData = new byte[] { 0, 1, 255 },
            UserProperties = [new UserProperty("gw-path", "a,b"), new UserProperty("gw-path", "")],
        };
        Assert.True(await box.Durability.WaitAsync(box.Append(stream, "é", topic: "tøpic", retain: true, properties: properties).Lsn));
        Assert.True(stream.TryRead(1, out var entry));
        Assert.Equal("tøpic", entry.Topic);
        Assert.True(entry.Message.Retain);
        Assert.Equal(QualityOfService.AtLeastOnce, entry.Message.Qos);
        var read = entry.Message.Properties;
        Assert.True(read.IsUtf8);
        Assert.Null(read.MessageExpiryInterval);
        Assert.Equal("application/json", read.ContentType);
        Assert.Equal("réponse", read.ResponseTopic);
        Assert.Equal(new byte[] { 0, 1, 255 }, read.CorrelationData!.Value.ToArray());
        Assert.Equal(properties.UserProperties, read.UserProperties);
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task Append_TwoStreams_EachSeesItsTopicAndNumber(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var telemetry = box.Stream();
        var alarm = box.Stream(lane: Lane.Alarm);
        await box.AppendAsync(alarm, "first");
        var result = box.Outbox.Append(JournalHarness.Message("local", "both"), [new OutboxTarget(telemetry, "remote"), new OutboxTarget(alarm, null)], Urgency.Immediate);
        Assert.True(await box.Durability.WaitAsync(result.Lsn));
        Assert.True(telemetry.TryRead(1, out var one));
        Assert.True(alarm.TryRead(2, out var two));
        Assert.Equal(("remote", 1UL, "both"), (one.Topic, one.Seq, JournalHarness.Text(one)));
        Assert.Equal(("local", 2UL, "both"), (two.Topic, two.Seq, JournalHarness.Text(two)));
        Assert.Equal("local", one.Message.Topic);
    }

    [Theory, ClassData(typeof(EveryOutbox))]
    public async Task WaitAsync_UntilDurable_ThenCompletes(OutboxKind kind)
    {
        await using var box = OutboxBox.Open(kind);
        var stream = box.Stream();
        var waiting = stream.WaitAsync(1, CancellationToken.None).AsTask();
        using var cancellation = new CancellationTokenSource();
        var cancelled = stream.WaitAsync(1, cancellation.Token).AsTask();
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(waiting.IsCompleted);
        await box.AppendAsync(stream, "m");
        await waiting;
        Assert.True(stream.WaitAsync(1, CancellationToken.None).IsCompletedSuccessfully);
        Assert.False(stream.WaitAsync(2, CancellationToken.None).IsCompleted);
    }
}
