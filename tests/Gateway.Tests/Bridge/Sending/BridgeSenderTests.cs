using System.Text;
using System.Text.Json;
using Gateway.Bridge;
using Gateway.Mqtt;
using Gateway.Storage;
using Gateway.Tests.Mqtt.Client;

namespace Gateway.Tests.Bridge.Sending;

public sealed class BridgeSenderTests
{
    [Fact]
    public async Task Send_Message_CarriesIdentityAndEverythingElse()
    {
        await using var harness = new BridgeHarness();
        harness.Publish("t/1", "21.5", retain: true, new MessageProperties
        {
            ContentType = "application/json",
            MessageExpiryInterval = 60,
            UserProperties = [new("gw", "gw-0;up.telemetry;1;9"), new("unit", "°C"), new("gw-path", "gw-0")],
        });
        harness.Publish("t/2");
        harness.Start();
        var peer = await harness.Server.NextAsync();
        var first = await BridgeHarness.NextAsync(peer);
        var properties = first.Message.Properties;
        Assert.Equal((QualityOfService.AtLeastOnce, true, "21.5"), (first.Message.Qos, first.Message.Retain, Encoding.UTF8.GetString(first.Message.Payload.Span)));
        Assert.Equal(("application/json", 60u), (properties.ContentType, properties.MessageExpiryInterval!.Value));
        Assert.Equal(
            [
                new("unit", "°C"), new("gw", "gw-1;cloud.telemetry;0123456789abcdef;1;fedcba9876543210"),
                new("gw-origin", "gw-0;up.telemetry;1;9"), new UserProperty("gw-path", "gw-0,gw-1"),
            ],
            properties.UserProperties);
        var second = (await BridgeHarness.NextAsync(peer)).Message.Properties.UserProperties;
        Assert.Equal([new("gw", "gw-1;cloud.telemetry;0123456789abcdef;2"), new UserProperty("gw-path", "gw-1")], second);
    }

    [Fact]
    public async Task Send_PeerThatNeverAnswers_IsGivenUpAndTriedAgain()
    {
        await using var harness = new BridgeHarness(tuning: new BridgeTuning
        {
            AnswerTimeout = TimeSpan.FromMilliseconds(200), FirstRetry = TimeSpan.FromMilliseconds(5), LongestRetry = TimeSpan.FromMilliseconds(20),
        });
        harness.Server.OnPublish = static (_, p) => p.Message.Topic.StartsWith("t/", StringComparison.Ordinal) ? null : ReasonCode.Success;
        harness.Publish("t/1");
        harness.Start();
        var first = await harness.Server.NextAsync();
        await BridgeHarness.NextAsync(first);
        await first.Ended;
        var second = await BridgeHarness.NextAsync(await harness.Server.NextAsync());
        Assert.Equal("t/1", second.Message.Topic);
    }

    [Fact]
    public async Task Send_SmallReceiveMaximum_IsRespectedAndAllArriveInOrder()
    {
        await using var harness = new BridgeHarness();
        var inflight = 0;
        var most = 0;
        harness.Server.OnConnect = static _ => new ConnAckPacket { ReceiveMaximum = 3 };
        harness.Server.OnPublish = (peer, p) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inflight));
            ThreadPool.QueueUserWorkItem(_ =>
            {
                Interlocked.Decrement(ref inflight);
                peer.Answer(p.PacketId);
            });
            return null;
        };
        harness.Start();
        for (var i = 1; i <= 500; i++)
        {
            harness.Publish("t/1", $"{i}");
        }

        var upstream = await harness.Server.NextAsync();
        for (var i = 1; i <= 500; i++)
        {
            Assert.Equal($"{i}", Encoding.UTF8.GetString((await BridgeHarness.NextAsync(upstream)).Message.Payload.Span));
        }

        await harness.Telemetry.WhenSettledAsync(500).Soon();
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Send_SeveralLanes_AlarmFirst()
    {
        await using var harness = new BridgeHarness();
        harness.Publish("t/1");
        harness.Publish("t/events/fire");
        harness.Start();
        var peer = await harness.Server.NextAsync();
        Assert.Equal("t/events/fire", (await BridgeHarness.NextAsync(peer)).Message.Topic);
        Assert.Equal("t/1", (await BridgeHarness.NextAsync(peer)).Message.Topic);
    }

    [Fact]
    public async Task Send_ConnectionCut_UnacknowledgedComeAgainWithTheSameIdentity()
    {
        await using var harness = new BridgeHarness();
        harness.Server.OnPublish = static (_, _) => null;
        harness.Publish("t/1");
        harness.Publish("t/2");
        harness.Start();
        var peer = await harness.Server.NextAsync();
        var before = new[] { await BridgeHarness.NextAsync(peer), await BridgeHarness.NextAsync(peer) };
        harness.Server.OnPublish = static (_, _) => ReasonCode.Success;
        peer.Close();
        peer = await harness.Server.NextAsync();
        Assert.False(peer.Connect.CleanStart);
        foreach (var packet in before)
        {
            Assert.Equal(packet.Message.Properties.User("gw"), (await BridgeHarness.NextAsync(peer)).Message.Properties.User("gw"));
        }

        await harness.Telemetry.WhenSettledAsync(2).Soon();
    }

    [Fact]
    public async Task Send_CursorJumped_GapComesBeforeTheNextMessageAndIsForgotten()
    {
        await using var harness = new BridgeHarness();
        for (var i = 1; i <= 3; i++)
        {
            harness.Publish($"t/{i}");
        }

        harness.Telemetry.Drop(2, GapReason.Size);
        harness.Start();
        var peer = await harness.Server.NextAsync();
        Assert.Equal("t/1", (await BridgeHarness.NextAsync(peer)).Message.Topic);
        var gap = await BridgeHarness.NextAsync(peer);
        Assert.Equal(("gaps", QualityOfService.AtLeastOnce), (gap.Message.Topic, gap.Message.Qos));
        Assert.Equal(
            """{"stream":"cloud.telemetry","epoch":"0123456789abcdef","from":2,"to":2,"reason":"size","first":0,"last":0}""",
            Encoding.UTF8.GetString(gap.Message.Payload.Span));
        Assert.Equal("t/3", (await BridgeHarness.NextAsync(peer)).Message.Topic);
        await harness.Telemetry.WhenSettledAsync(3).Soon();
        await harness.StopAsync();
        Assert.Empty(harness.Telemetry.Gaps);
    }

    [Fact]
    public async Task Send_GapBehindMessagesInFlight_ComesBeforeTheFirstMessageBehindIt()
    {
        await using var harness = new BridgeHarness();

        // No message is answered: the cursor stays at the first all the time.
        harness.Server.OnPublish = static (_, p) => p.Message.Topic.StartsWith("t/", StringComparison.Ordinal) ? null : ReasonCode.Success;
        for (var i = 1; i <= 9; i++)
        {
            harness.Publish($"t/{i}");
        }

        harness.Telemetry.Drop(3, GapReason.Size);
        harness.Telemetry.Drop(5, GapReason.Age);
        harness.Telemetry.Drop(6, GapReason.Age);
        harness.Start();
        var peer = await harness.Server.NextAsync();
        var seen = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            var packet = await BridgeHarness.NextAsync(peer);
            seen.Add(packet.Message.Topic == "gaps" ? Range(packet) : packet.Message.Topic);
        }

        Assert.Equal(["t/1", "t/2", "3..3", "t/4", "5..6", "t/7", "t/8", "t/9"], seen);
        Assert.Equal(1UL, harness.Telemetry.Ledger.Oldest);
        await harness.Telemetry.WhenToldAsync().Soon();
    }

    [Fact]
    public async Task Send_GapThatGrowsWhileItIsTold_NoNumberIsToldTwice()
    {
        await using var harness = new BridgeHarness();
        var held = 0;
        harness.Server.OnPublish = (_, p) => p.Message.Topic.StartsWith("t/", StringComparison.Ordinal) || (p.Message.Topic == "gaps" && held++ == 0) ? null : ReasonCode.Success;
        for (var i = 1; i <= 3; i++)
        {
            harness.Publish($"t/{i}");
        }

        harness.Telemetry.Drop(2, GapReason.Refused);
        harness.Start();
        var peer = await harness.Server.NextAsync();
        await BridgeHarness.NextAsync(peer);
        var gap = await BridgeHarness.NextAsync(peer);
        Assert.Equal("2..2", Range(gap));
        peer.Answer((await BridgeHarness.NextAsync(peer)).PacketId, ReasonCode.NotAuthorized);
        Assert.Equal("3..3", Range(await BridgeHarness.NextAsync(peer)));
        peer.Answer(gap.PacketId);
        await harness.Telemetry.WhenToldAsync().Soon();
    }

    [Fact]
    public async Task Send_LifeEndsWhileUpstreamAsksForPatience_IsAGapAndNotSentAgain()
    {
        await using var harness = new BridgeHarness(tuning: new BridgeTuning { FirstRetry = TimeSpan.FromMilliseconds(50), LongestRetry = TimeSpan.FromMilliseconds(50) });
        harness.Server.OnPublish = (_, p) =>
        {
            if (p.Message.Topic != "t/short")
            {
                return ReasonCode.Success;
            }

            harness.OutboxTime.Advance(TimeSpan.FromSeconds(6));
            return ReasonCode.QuotaExceeded;
        };
        harness.Publish("t/short", properties: new MessageProperties { MessageExpiryInterval = 5 });
        harness.Start();
        var peer = await harness.Server.NextAsync();
        Assert.Equal(5u, (await BridgeHarness.NextAsync(peer)).Message.Properties.MessageExpiryInterval);
        var gap = await BridgeHarness.NextAsync(peer);
        Assert.Equal("gaps", gap.Message.Topic);
        Assert.Contains("\"reason\":\"expired\"", Text(gap), StringComparison.Ordinal);
        Assert.Equal((2UL, 2UL, 0UL, 1UL), (harness.Telemetry.Ledger.Oldest, harness.Telemetry.Ledger.Next, harness.Telemetry.Ledger.Acknowledged, harness.Telemetry.Ledger.Dropped));
    }

    [Fact]
    public async Task Send_DiskCannotBeReadWhenUpstreamWantsItAgain_ComesOnTheSameConnectionBeforeWhatFollows()
    {
        await using var harness = new BridgeHarness();
        var pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var peer = await StartAndRefuseOnceAsync(harness, () => harness.Telemetry.Pause = pause);
        await pause.Task.Soon();
        harness.Publish("t/2");
        harness.Telemetry.Pause = null;
        Assert.Equal("t/1", (await BridgeHarness.NextAsync(peer)).Message.Topic);
        Assert.Equal("t/2", (await BridgeHarness.NextAsync(peer)).Message.Topic);
        await harness.Telemetry.WhenSettledAsync(2).Soon();
        Assert.Equal(0UL, harness.Telemetry.Ledger.Dropped);
    }

    [Fact]
    public async Task Send_DiskComesBackJustAfterItCouldNotBeRead_NothingIsTakenForGone()
    {
        await using var harness = new BridgeHarness();
        var peer = await StartAndRefuseOnceAsync(harness, () => harness.Telemetry.FailsOnce = true);
        Assert.Equal("t/1", (await BridgeHarness.NextAsync(peer)).Message.Topic);
        await harness.Telemetry.WhenSettledAsync(1).Soon();
        Assert.Equal(0UL, harness.Telemetry.Ledger.Dropped);
    }

    [Fact]
    public async Task Send_GapsRefusedForGood_AreKeptButNotWithoutEnd()
    {
        await using var harness = new BridgeHarness();
        harness.Server.OnPublish = static (_, p) => p.Message.Topic == "gaps" ? ReasonCode.NotAuthorized : ReasonCode.Success;
        for (var i = 1; i <= 1_300; i++)
        {
            harness.Publish($"t/{i}");
            if (i % 2 == 0)
            {
                harness.Telemetry.Drop((ulong)i, GapReason.Size);
            }
        }

        harness.Start();
        Assert.Equal("refused", (await harness.AlertAsync()).Kind);
        await harness.Telemetry.WhenSettledAsync(1_300).Soon();
        await harness.StopAsync();
        Assert.InRange(harness.Telemetry.Gaps.Count, 512, 600);
    }

    [Fact]
    public async Task Send_PoisonousEntry_IsFoundAndLeftOut()
    {
        await using var harness = new BridgeHarness();
        harness.Server.OnPublish = static (peer, p) =>
        {
            if (p.Message.Topic == "t/poison")
            {
                peer.Close();
                return null;
            }

            return ReasonCode.Success;
        };
        for (var i = 1; i <= 20; i++)
        {
            harness.Publish(i == 10 ? "t/poison" : $"t/{i}");
        }

        harness.Start();
        await harness.Telemetry.WhenSettledAsync(20).Soon();
        Assert.Equal((19UL, 1UL), (harness.Telemetry.Ledger.Acknowledged, harness.Telemetry.Ledger.Dropped));
        Assert.Equal("poison", (await harness.AlertAsync()).Kind);
    }

    [Fact]
    public async Task Send_SubscriptionEndsTheConnection_NoEntryIsTakenForPoison()
    {
        await using var harness = new BridgeHarness(
            static o => o with { Import = [new ImportRule { Filter = "cmd" }] },
            new BridgeTuning { FirstRetry = TimeSpan.FromMilliseconds(5), LongestRetry = TimeSpan.FromMilliseconds(20), AnswerTimeout = TimeSpan.FromMilliseconds(100) });
        var connections = 0;
        harness.Server.OnConnect = _ =>
        {
            connections++;
            return new ConnAckPacket();
        };

        // Five times it takes the presence and ends the connection instead of an answer to the subscription, whatever else is under way by then.
        harness.Server.OnSubscribe = s => connections > 5 ? (ReasonCode)s.MaximumQos : null;
        harness.Server.OnPublish = (peer, p) =>
        {
            if (connections <= 5 && p.Message.Topic == "t/1")
            {
                peer.Close();
                return null;
            }

            return ReasonCode.Success;
        };
        harness.Publish("t/1");
        harness.Start();
        await harness.Telemetry.WhenSettledAsync(1).Soon();
        Assert.Equal((1UL, 0UL), (harness.Telemetry.Ledger.Acknowledged, harness.Telemetry.Ledger.Dropped));
    }

    [Fact]
    public async Task Send_LineCutAgainAndAgain_NothingIsTakenForPoison()
    {
        await using var harness = new BridgeHarness();
        var cuts = 12;
        harness.Server.OnPublish = (peer, p) =>
        {
            // After two answers the line goes, whatever is under way.
            if (p.PacketId % 3 == 0 && Interlocked.Decrement(ref cuts) >= 0)
            {
                peer.Close();
                return null;
            }

            return ReasonCode.Success;
        };
        for (var i = 1; i <= 50; i++)
        {
            harness.Publish($"t/{i}");
        }

        harness.Start();
        await harness.Telemetry.WhenSettledAsync(50).Soon();
        Assert.Equal(0UL, harness.Telemetry.Ledger.Dropped);
    }

    [Fact]
    public async Task Send_StreamThrows_ConnectionIsMadeAnew()
    {
        await using var harness = new BridgeHarness();
        harness.Telemetry.Fault = new IOException("disk");
        harness.Publish("t/1");
        harness.Start();
        await harness.Server.NextAsync();
        await harness.Server.NextAsync();
        await harness.Telemetry.WhenSettledAsync(1).Soon();
    }

    [Fact]
    public async Task Send_NewEpoch_WhatWaitedKeepsItsIdentityAndTheLedgerTellsOfBoth()
    {
        await using var harness = new BridgeHarness();
        harness.Telemetry.Base = 3;
        for (var i = 1; i <= 5; i++)
        {
            harness.Publish($"t/{i}");
        }

        harness.Telemetry.Drop(2, GapReason.Size);
        harness.Server.OnPublish = static (_, p) => p.Message.Topic == "t/4" ? ReasonCode.NotAuthorized : ReasonCode.Success;
        harness.Start();
        var peer = await harness.Server.NextAsync();
        var told = new List<string>();
        for (var ledgers = 0; told.Count < 6;)
        {
            var message = (await peer.PublishedAsync()).Message;
            var payload = Encoding.UTF8.GetString(message.Payload.Span);
            if (message.Topic == "streams/cloud.telemetry" && ledgers++ == 0)
            {
                Assert.StartsWith("""{"epoch":"0123456789abcdef","oldest":1,"next":3,""", payload, StringComparison.Ordinal);
                Assert.Contains(""","previous":[{"epoch":"fedcba9876543210","oldest":1,"next":4,""", payload, StringComparison.Ordinal);
            }
            else if (message.Topic == "gaps")
            {
                told.Add(payload[..payload.IndexOf(",\"reason", StringComparison.Ordinal)]);
            }
            else if (message.Topic.StartsWith("t/", StringComparison.Ordinal))
            {
                told.Add(message.Properties.User("gw")!["gw-1;cloud.telemetry;".Length..]);
            }
        }

        Assert.Equal(
            [
                "fedcba9876543210;1", """{"stream":"cloud.telemetry","epoch":"fedcba9876543210","from":2,"to":2""", "fedcba9876543210;3",
                "0123456789abcdef;1;fedcba9876543210", "0123456789abcdef;2", """{"stream":"cloud.telemetry","epoch":"0123456789abcdef","from":1,"to":1""",
            ],
            told);
        await harness.Telemetry.WhenSettledAsync(5).Soon();
    }

    [Fact]
    public async Task Connect_Ledger_IsRetainedForEachStream()
    {
        await using var harness = new BridgeHarness();
        harness.Start();
        var peer = await harness.Server.NextAsync();
        var topics = new List<string>();
        while (topics.Count < 3)
        {
            var packet = await peer.PublishedAsync();
            if (packet.Message.Topic.StartsWith("streams/", StringComparison.Ordinal))
            {
                Assert.True(packet.Message.Retain);
                Assert.StartsWith("""{"epoch":"0123456789abcdef","oldest":1,"next":1,"acked":0,"dropped":0,"ts":""", Encoding.UTF8.GetString(packet.Message.Payload.Span), StringComparison.Ordinal);
                topics.Add(packet.Message.Topic);
            }
        }

        Assert.Equal(["streams/cloud.alarm", "streams/cloud.command", "streams/cloud.telemetry"], topics);
    }

    [Fact]
    public async Task Select_Qos0Rule_GoesStraightThrough()
    {
        await using var harness = new BridgeHarness(static o => o with { Forward = [new ForwardRule { Filter = "t/#", Qos = QualityOfService.AtMostOnce }] });
        harness.Publish("t/lost");
        harness.Start();
        var peer = await harness.Server.NextAsync();
        await peer.PublishedAsync();
        harness.Publish("t/1");
        var packet = await BridgeHarness.NextAsync(peer);
        Assert.Equal(("t/1", QualityOfService.AtMostOnce, "gw-1"), (packet.Message.Topic, packet.Message.Qos, packet.Message.Properties.User("gw-path")));
        Assert.Equal(1UL, harness.Telemetry.Ledger.Next);
    }

    private static string Text(PublishPacket packet) => Encoding.UTF8.GetString(packet.Message.Payload.Span);

    private static string Range(PublishPacket gap)
    {
        using var json = JsonDocument.Parse(gap.Message.Payload);
        return $"{json.RootElement.GetProperty("from")}..{json.RootElement.GetProperty("to")}";
    }

    /// <summary>Publishes t/1, and starts; upstream wants it later, once, after <paramref name="atThat"/>.</summary>
    /// <returns>Upstream's side of the connection, from which t/1 has been taken for the first time.</returns>
    private static async Task<MockConnection> StartAndRefuseOnceAsync(BridgeHarness harness, Action atThat)
    {
        var asked = 0;
        harness.Server.OnPublish = (_, p) =>
        {
            if (p.Message.Topic != "t/1" || Interlocked.Increment(ref asked) > 1)
            {
                return ReasonCode.Success;
            }

            atThat();
            return ReasonCode.QuotaExceeded;
        };
        harness.Publish("t/1");
        harness.Start();
        var peer = await harness.Server.NextAsync();
        Assert.Equal("t/1", (await BridgeHarness.NextAsync(peer)).Message.Topic);
        return peer;
    }
}
