using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What every outbox promises, whatever lies below it.</summary>
public abstract class OutboxContract
{
    internal abstract JournalHarness Harness();

    [Fact]
    public async Task Append_Immediate_ReadInOrderOnceDurable()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 50; i++)
        {
            await box.AppendAsync(stream, $"m{i}");
        }

        var entries = JournalHarness.ReadAll(stream);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"m{i}"), entries.Select(JournalHarness.Text));
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (ulong)i), entries.Select(e => e.Seq));
    }

    [Fact]
    public async Task Append_Window_DurableOnlyAfterTheWindow()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        var result = box.Append(stream, "reading", urgency: Urgency.Window);
        await box.TurnsAsync();
        Assert.False(stream.TryRead(1, out _));
        var durable = box.Durability.WaitAsync(result.Lsn);
        box.Time.Advance(box.Options.CommitWindow);
        Assert.True(await durable);
        Assert.True(stream.TryRead(1, out var entry));
        Assert.Equal("reading", JournalHarness.Text(entry));
    }

    [Fact]
    public async Task Append_AllProperties_ComeBack()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        var properties = new MessageProperties
        {
            IsUtf8 = true,
            MessageExpiryInterval = 60,
            ContentType = "application/json",
            ResponseTopic = "réponse",
            CorrelationData = new byte[] { 0, 1, 255 },
            UserProperties = [new UserProperty("gw-path", "a,b"), new UserProperty("gw-path", "")],
        };
        await box.AppendAsync(stream, "é", "tøpic", retain: true, properties);
        box.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(stream.TryRead(1, out var entry));
        Assert.Equal("tøpic", entry.Topic);
        Assert.True(entry.Message.Retain);
        Assert.Equal(QualityOfService.AtLeastOnce, entry.Message.Qos);
        var read = entry.Message.Properties;
        Assert.True(read.IsUtf8);
        Assert.Equal(50u, read.MessageExpiryInterval);
        Assert.Equal("application/json", read.ContentType);
        Assert.Equal("réponse", read.ResponseTopic);
        Assert.Equal(new byte[] { 0, 1, 255 }, read.CorrelationData!.Value.ToArray());
        Assert.Equal(properties.UserProperties, read.UserProperties);
    }

    [Fact]
    public async Task Append_TwoStreams_EachSeesItsTopicAndNumber()
    {
        await using var box = Harness();
        box.Open();
        var telemetry = box.Stream();
        var alarm = box.Stream(JournalHarness.Alarm);
        await box.AppendAsync(alarm, "first");
        var result = box.Outbox.Append(JournalHarness.Message("local", "both"), [new OutboxTarget(telemetry, "remote"), new OutboxTarget(alarm, null)], Urgency.Immediate);
        Assert.True(await box.Durability.WaitAsync(result.Lsn));
        Assert.True(telemetry.TryRead(1, out var one));
        Assert.True(alarm.TryRead(2, out var two));
        Assert.Equal(("remote", 1UL, "both"), (one.Topic, one.Seq, JournalHarness.Text(one)));
        Assert.Equal(("local", 2UL, "both"), (two.Topic, two.Seq, JournalHarness.Text(two)));
        Assert.Equal("local", one.Message.Topic);
    }

    [Fact]
    public async Task Acknowledge_AnyOrder_CursorMovesOverWhatIsContiguous()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 5; i++)
        {
            await box.AppendAsync(stream, $"m{i}");
        }

        JournalHarness.ReadAll(stream);
        stream.Acknowledge(3);
        stream.Acknowledge(2);
        Assert.Equal(1UL, stream.Ledger.Oldest);
        stream.Acknowledge(1);
        Assert.Equal(new StreamLedger(stream.Epoch, 4, 6, 3, 0), stream.Ledger);
        stream.Acknowledge(5);
        stream.Acknowledge(4);
        Assert.Equal(new StreamLedger(stream.Epoch, 6, 6, 5, 0), stream.Ledger);
        Assert.Equal(0, stream.Bytes);
        Assert.Empty(stream.Gaps);
    }

    [Fact]
    public async Task Acknowledge_NotInFlight_Ignored()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "m");
        stream.Acknowledge(1);
        stream.Acknowledge(7);
        Assert.Equal(1UL, stream.Ledger.Oldest);
    }

    [Fact]
    public async Task Rewind_InFlight_ReadAgainWithTheSameNumbers()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 5; i++)
        {
            await box.AppendAsync(stream, $"m{i}");
        }

        JournalHarness.ReadAll(stream);
        stream.Acknowledge(2);
        stream.Rewind();
        Assert.Equal(["m1", "m3", "m4", "m5"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));
    }

    [Fact]
    public async Task Abandon_Refused_GapUntilForgotten()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 4; i++)
        {
            await box.AppendAsync(stream, $"m{i}");
        }

        JournalHarness.ReadAll(stream);
        stream.Abandon(2, GapReason.Refused);
        Assert.Empty(stream.Gaps);
        stream.Acknowledge(1);
        stream.Abandon(3, GapReason.Refused);
        var gap = Assert.Single(stream.Gaps);
        Assert.Equal((2UL, 3UL, GapReason.Refused), (gap.From, gap.To, gap.Reason));
        Assert.Equal(new StreamLedger(stream.Epoch, 4, 5, 1, 2), stream.Ledger);
        stream.Forget(gap with { To = 2 });
        Assert.Single(stream.Gaps);
        stream.Forget(gap);
        Assert.Empty(stream.Gaps);
    }

    [Fact]
    public async Task Reopen_CursorGapsCountersEpoch_AsBefore()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 6; i++)
        {
            await box.AppendAsync(stream, $"m{i}");
        }

        JournalHarness.ReadAll(stream);
        stream.Acknowledge(1);
        stream.Abandon(2, GapReason.Poison);
        stream.Acknowledge(4);
        var (ledger, gaps, bytes) = (stream.Ledger, stream.Gaps, stream.Bytes);

        await box.ReopenAsync();
        Assert.Contains(JournalHarness.Telemetry, box.Outbox.Known);
        stream = box.Stream();
        Assert.Equal(ledger, stream.Ledger);
        Assert.Equal(gaps, stream.Gaps);
        Assert.Equal(bytes, stream.Bytes);
        Assert.Equal(["m3", "m5", "m6"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));
        await box.AppendAsync(stream, "m7");
        Assert.True(stream.TryRead(7, out var next));
        Assert.Equal("m7", JournalHarness.Text(next));
    }

    [Fact]
    public async Task DropOldest_OverrunTenfold_GapsAndLedgerAddUp()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream(limits: new StreamLimits { Size = 100_000 });
        var last = default(AppendResult);
        for (var i = 1; i <= 2_000; i++)
        {
            last = box.Append(stream, $"{i}:{new string('x', 500)}", urgency: Urgency.Window);
            if (i % 100 == 0)
            {
                await box.AppendAsync(stream, "mark");
            }
        }

        await box.TurnsAsync();
        Assert.InRange(stream.Bytes, 1, 100_000);
        var ledger = stream.Ledger;
        Assert.Equal(2_021UL, ledger.Next);
        var gap = Assert.Single(stream.Gaps);
        Assert.Equal((1UL, ledger.Oldest - 1, GapReason.Size), (gap.From, gap.To, gap.Reason));
        Assert.Equal(gap.Count, ledger.Dropped);
        var rest = JournalHarness.ReadAll(stream);
        Assert.Equal(ledger.Next - ledger.Oldest, (ulong)rest.Count);
        Assert.Equal(ledger.Oldest, rest[0].Seq);
    }

    [Fact]
    public async Task DropOldest_InFlight_NeverDropped()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream(limits: new StreamLimits { Size = 40_000 });
        for (var i = 1; i <= 3; i++)
        {
            await box.AppendAsync(stream, $"m{i}");
        }

        JournalHarness.ReadAll(stream);
        for (var i = 4; i <= 40; i++)
        {
            await box.AppendAsync(stream, $"m{i}");
        }

        await box.TurnsAsync();
        Assert.Equal(1UL, stream.Ledger.Oldest);
        Assert.Empty(stream.Gaps);
        Assert.InRange(stream.Bytes, 1, 40_000);
        Assert.True(stream.TryRead(4, out var entry));
        Assert.True(entry.Seq > 4);
        foreach (var seq in new ulong[] { 1, 2, 3 })
        {
            stream.Acknowledge(seq);
        }

        var gap = Assert.Single(stream.Gaps);
        Assert.Equal((4UL, entry.Seq - 1), (gap.From, gap.To));
        Assert.Equal(entry.Seq, stream.Ledger.Oldest);
    }

    [Theory]
    [InlineData(WhenFull.Refuse, AppendStatus.Refused)]
    [InlineData(WhenFull.DropNewest, AppendStatus.Accepted)]
    public async Task Full_OtherPolicies_OldestStay(WhenFull policy, AppendStatus expected)
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream(limits: new StreamLimits { Size = 20_000, WhenFull = policy });
        for (var i = 1; i <= 4; i++)
        {
            await box.AppendAsync(stream, $"m{i}");
        }

        Assert.Equal(new AppendResult(expected, 0), box.Append(stream, new string('x', 10_000)));
        Assert.Equal(5UL, stream.Ledger.Next);
        Assert.Equal(4, JournalHarness.ReadAll(stream).Count);
    }

    [Fact]
    public async Task Append_LargerThanAnEntryMayBe_Refused()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        Assert.Equal(AppendStatus.Refused, box.Append(stream, new string('x', JournalHarness.SmallSegment)).Status);
        await box.AppendAsync(stream, "small");
    }

    [Fact]
    public async Task Retained_NewerOfTheSameTopic_OlderIsSuperseded()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "online", "a/status", retain: true);
        await box.AppendAsync(stream, "online", "b/status", retain: true);
        await box.AppendAsync(stream, "event", "a/status");
        await box.AppendAsync(stream, "offline", "a/status", retain: true);
        await box.ReopenAsync();
        stream = box.Stream();
        Assert.Equal(["online", "event", "offline"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));
        Assert.Equal((1UL, 1UL, GapReason.Superseded), stream.Gaps.Select(g => (g.From, g.To, g.Reason)).Single());
    }

    [Fact]
    public async Task Expired_InTheQueue_IsAGap()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "short", properties: new MessageProperties { MessageExpiryInterval = 5 });
        await box.AppendAsync(stream, "long", properties: new MessageProperties { MessageExpiryInterval = 500 });
        box.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["long"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));
        Assert.Equal(GapReason.Expired, Assert.Single(stream.Gaps).Reason);
    }

    [Fact]
    public async Task Age_OlderThanTheLimit_DroppedWithoutAReader()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream(limits: new StreamLimits { Age = TimeSpan.FromHours(1) });
        await box.AppendAsync(stream, "old");
        box.Time.Advance(TimeSpan.FromMinutes(50));
        await box.AppendAsync(stream, "young");
        await box.TurnsAsync();
        box.Time.Advance(TimeSpan.FromMinutes(11));
        await box.TurnsAsync();
        Assert.Equal((1UL, 1UL, GapReason.Age), stream.Gaps.Select(g => (g.From, g.To, g.Reason)).Single());
        Assert.Equal(2UL, stream.Ledger.Oldest);
    }

    [Fact]
    public async Task WaitAsync_UntilDurable_ThenCompletes()
    {
        await using var box = Harness();
        box.Open();
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

    [Fact]
    public async Task State_PutAndRemove_SurviveReopening()
    {
        await using var box = Harness();
        box.Open();
        box.Journal.State.Put("cmd/1", new byte[] { 1 }, Urgency.Window);
        box.Journal.State.Put("cmd/2", new byte[] { 2 }, Urgency.Window);
        box.Journal.State.Put("other", new byte[] { 3 }, Urgency.Window);
        var removed = box.Journal.State.Remove("cmd/1", Urgency.Immediate);
        Assert.True(await box.Durability.WaitAsync(removed.Lsn));
        await box.ReopenAsync();
        var pair = Assert.Single(box.Journal.State.Read("cmd/"));
        Assert.Equal(("cmd/2", (byte)2), (pair.Key, pair.Value.Span[0]));
    }

    [Fact]
    public async Task State_MoreThanMayBeRestated_Refused()
    {
        await using var box = Harness();
        box.Open();
        var refused = false;
        for (var i = 0; i < 200 && !refused; i++)
        {
            var result = box.Journal.State.Put($"key/{i}", new byte[1_000], Urgency.Immediate);
            refused = result.Status == AppendStatus.Refused;
            if (!refused)
            {
                Assert.True(await box.Durability.WaitAsync(result.Lsn));
            }
        }

        Assert.True(refused);
        Assert.Equal(AppendStatus.Accepted, box.Journal.State.Remove("key/0", Urgency.Immediate).Status);
    }

    [Fact]
    public async Task ManySegments_AcknowledgedOnes_AreUsedAgain()
    {
        await using var box = Harness();
        box.Open();
        var stream = box.Stream();
        var payload = new string('x', 3_000);
        for (var i = 1; i <= 1_000; i++)
        {
            await box.AppendAsync(stream, $"{i}:{payload}");
            Assert.True(stream.TryRead((ulong)i, out var entry));
            Assert.StartsWith($"{i}:", JournalHarness.Text(entry));
            stream.Acknowledge(entry.Seq);
        }

        Assert.Equal(1_001UL, stream.Ledger.Oldest);
        await box.ReopenAsync();
        Assert.InRange(box.Journal.Report.Segments, 1, 10);
        Assert.Equal(1_001UL, box.Stream().Ledger.Oldest);
    }
}
