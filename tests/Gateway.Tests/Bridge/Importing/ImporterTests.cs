using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Tests.Mqtt.Client;

namespace Gateway.Tests.Bridge.Importing;

public sealed class ImporterTests
{
    [Fact]
    public async Task Subscribe_Rule_AsksForNoLocalAndRetainAsPublished()
    {
        await using var harness = Harness();
        harness.Start();
        var peer = await harness.Server.NextAsync();
        Assert.Equal(
            new Subscription("plant/cmd/#", QualityOfService.AtLeastOnce, NoLocal: true, RetainAsPublished: true, RetainHandling.SendIfNew), await peer.SubscribedAsync());
    }

    [Fact]
    public async Task Subscribe_ManyRules_EightInAPacketAndNoRoundTripForEach()
    {
        await using var harness = new BridgeHarness(static o => o with
        {
            Forward = [],
            Import = [.. Enumerable.Range(1, 50).Select(static i => new ImportRule { Filter = $"cmd/{i}" })],
        });
        harness.Server.OnSubscribe = static _ => null;
        harness.Start();
        var peer = await harness.Server.NextAsync();
        for (var i = 1; i <= 50; i++)
        {
            Assert.Equal($"cmd/{i}", (await peer.SubscribedAsync()).Filter);
        }

        Assert.Equal([8, 8, 8, 8, 8, 8, 2], peer.SubscribeSizes);
    }

    [Fact]
    public async Task Subscribe_UpstreamHasNoWildcards_LeavesThoseOutAndTells()
    {
        await using var harness = new BridgeHarness(static o => o with
        {
            Forward = [],
            Import = [new ImportRule { Filter = "a/#" }, new ImportRule { Filter = "b" }],
        });
        harness.Server.OnConnect = static _ => new ConnAckPacket { WildcardSubscriptionAvailable = false };
        harness.Start();
        var peer = await harness.Server.NextAsync();
        Assert.Equal("b", (await peer.SubscribedAsync()).Filter);
        await harness.WhenConnectedAsync();
        Assert.Equal([1], peer.SubscribeSizes);
        var alert = await harness.AlertAsync();
        Assert.Equal("subscribe", alert.Kind);
        Assert.Contains("a/#", alert.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_OnlyQos0IsGranted_IsTold()
    {
        await using var harness = Harness();
        harness.Server.OnSubscribe = static _ => ReasonCode.Success;
        harness.Start();
        var alert = await harness.AlertAsync();
        Assert.Equal("subscribe", alert.Kind);
        Assert.Contains("QoS 0", alert.Text, StringComparison.Ordinal);
        await harness.WhenConnectedAsync();
    }

    [Fact]
    public async Task Import_Message_ComesInUnderItsLocalTopicWithItsOrigin()
    {
        await using var harness = Harness();
        harness.Start();
        var peer = await SubscribedAsync(harness);
        peer.Publish("plant/cmd/a", "on", properties: new MessageProperties { ResponseTopic = "r", CorrelationData = "1"u8.ToArray() });
        var message = await harness.Broker.PublishedAsync().Soon();
        Assert.Equal(("edge/cmd/a", "cloud", "r"), (message.Topic, message.Origin.Bridge, message.Properties.ResponseTopic));
        Assert.Equal(new AckPacket(PacketType.PubAck, 1), await peer.AckAsync());
    }

    [Fact]
    public async Task Import_SplitHorizon_IsNotForwardedBack()
    {
        await using var harness = Harness(new ForwardRule { Filter = "#" });
        harness.Start();
        var peer = await SubscribedAsync(harness);
        peer.Publish("plant/cmd/a", "on");
        await peer.AckAsync();
        Assert.Equal(1UL, harness.Telemetry.Ledger.Next);
    }

    [Fact]
    public async Task Import_NotYetDurable_IsNotAcknowledged()
    {
        await using var harness = Harness();
        harness.Outbox.HoldCommits = true;
        harness.Start();
        var peer = await SubscribedAsync(harness);
        peer.Publish("plant/cmd/a", "1", id: 1);
        await harness.Broker.PublishedAsync().Soon();
        peer.Publish("plant/cmd/a", "2", id: 2);
        await harness.Broker.PublishedAsync().Soon();
        var ack = peer.AckAsync();
        Assert.False(ack.IsCompleted);
        harness.Outbox.Commit();
        Assert.Equal((ushort)1, (await ack).PacketId);
        Assert.Equal((ushort)2, (await peer.AckAsync()).PacketId);
    }

    [Fact]
    public async Task Import_LoopedMessage_IsAcknowledged()
    {
        await using var harness = Harness();
        harness.Broker.OnPublish = static _ => PublishStatus.Looped;
        harness.Start();
        var peer = await SubscribedAsync(harness);
        peer.Publish("plant/cmd/a", "1");
        Assert.Equal(new AckPacket(PacketType.PubAck, 1), await peer.AckAsync());
    }

    [Fact]
    public async Task Import_StreamFull_IsRefusedAndTold()
    {
        await using var harness = Harness();
        harness.Broker.OnPublish = static _ => PublishStatus.QuotaExceeded;
        harness.Start();
        var peer = await SubscribedAsync(harness);
        peer.Publish("plant/cmd/a", "1");
        Assert.Equal(new AckPacket(PacketType.PubAck, 1, ReasonCode.QuotaExceeded), await peer.AckAsync());
        Assert.Equal("import", (await harness.AlertAsync()).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Import_DiskFails_IsNotAcknowledgedAndAskedForAgain(bool whilePublishing)
    {
        await using var harness = Harness();
        harness.Outbox.HoldCommits = true;
        harness.Broker.OnPublish = _ => whilePublishing ? PublishStatus.StorageFailed : PublishStatus.Accepted;
        harness.Start();
        var peer = await SubscribedAsync(harness);
        peer.Publish("plant/cmd/a", "1");
        await harness.Broker.PublishedAsync().Soon();
        if (!whilePublishing)
        {
            harness.Outbox.Fail();
        }

        harness.Outbox.HoldCommits = false;
        harness.Broker.OnPublish = static _ => PublishStatus.Accepted;
        var again = await harness.Server.NextAsync();
        again.Publish("plant/cmd/a", "1", id: 9, dup: true);
        await harness.Broker.PublishedAsync().Soon();
        Assert.Equal(new AckPacket(PacketType.PubAck, 9), await again.AckAsync());
    }

    [Fact]
    public async Task Import_TopicOfNoRule_IsAcknowledgedAndDropped()
    {
        await using var harness = Harness();
        harness.Start();
        var peer = await SubscribedAsync(harness);
        peer.Publish("left/over", "1");
        Assert.Equal(new AckPacket(PacketType.PubAck, 1), await peer.AckAsync());
        Assert.False(harness.Broker.HasPublished);
    }

    [Fact]
    public async Task Subscribe_Refused_IsAnAlert()
    {
        await using var harness = Harness();
        harness.Server.OnSubscribe = static _ => ReasonCode.NotAuthorized;
        harness.Start();
        var alert = await harness.AlertAsync();
        Assert.Equal("subscribe", alert.Kind);
        Assert.Contains("plant/cmd/#", alert.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_NeverAnswered_IsNotConnectedAndGivenUp()
    {
        await using var harness = Harness();
        var states = new List<BridgeState>();
        harness.Server.OnSubscribe = _ =>
        {
            states.Add(harness.Bridge.Status.State);
            return states.Count == 1 ? null : ReasonCode.GrantedQos1;
        };
        harness.Start();
        var first = await SubscribedAsync(harness);
        await first.Ended;
        var second = await SubscribedAsync(harness);
        second.Publish("plant/cmd/a", "on");
        await second.AckAsync();
        Assert.Equal([BridgeState.Connecting, BridgeState.Degraded], states);
    }

    private static BridgeHarness Harness(params ForwardRule[] forward) => new(
        o => o with { Forward = forward, Import = [new ImportRule { Filter = "cmd/#", RemotePrefix = "plant/", LocalPrefix = "edge/" }] },
        new BridgeTuning
        {
            FirstRetry = TimeSpan.FromMilliseconds(5), LongestRetry = TimeSpan.FromMilliseconds(20), StorageRetry = TimeSpan.FromMilliseconds(20),
            AnswerTimeout = TimeSpan.FromSeconds(1),
        });

    private static async Task<MockConnection> SubscribedAsync(BridgeHarness harness)
    {
        var peer = await harness.Server.NextAsync();
        await peer.SubscribedAsync();
        return peer;
    }
}
