using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Tests.Broker.Wire;
using Gateway.Tests.Support;

namespace Gateway.Tests.Broker;

public sealed class SubscribeTests
{
    [Theory]
    [InlineData(ProtocolVersion.V311, ReasonCode.UnspecifiedError)]
    [InlineData(ProtocolVersion.V500, ReasonCode.TopicFilterInvalid)]
    public async Task Subscribe_SeveralFilters_AnswersEachInOrder(ProtocolVersion version, ReasonCode invalid)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a", version);
        var codes = await client.SubscribeAsync(
            new("a", QualityOfService.ExactlyOnce), new("a/#/b", QualityOfService.AtMostOnce), new("b/+", QualityOfService.AtLeastOnce), new("c", QualityOfService.AtMostOnce));
        Assert.Equal([ReasonCode.GrantedQos2, invalid, ReasonCode.GrantedQos1, ReasonCode.Success], codes);
    }

    [Fact]
    public async Task Subscribe_AnswerLargerThanTheClientTakes_IsDisconnected()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync(new ConnectPacket { ClientId = "a", CleanStart = true, MaximumPacketSize = 30 });
        await client.SendSubscribeAsync([.. Enumerable.Range(0, 26).Select(i => new Subscription($"t{i}", QualityOfService.AtMostOnce))]);
        await client.ExpectEndAsync(ReasonCode.PacketTooLarge);
    }

    [Fact]
    public async Task Subscribe_FiltersOfThousandsOfLevels_AreRefusedBeforeTheyFillTheMemory()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Memory = 4 << 20 } });
        using var client = await host.ConnectAsync("a");
        var levels = new string('/', 20_000);
        Assert.Equal([ReasonCode.Success], await client.SubscribeAsync(new Subscription("a" + levels, QualityOfService.AtMostOnce)));
        Assert.Equal([ReasonCode.Success], await client.SubscribeAsync(new Subscription("b" + levels, QualityOfService.AtMostOnce)));
        Assert.Equal([ReasonCode.QuotaExceeded], await client.SubscribeAsync(new Subscription("c", QualityOfService.AtMostOnce)));
        await client.SendAsync(w => new UnsubscribePacket(8, ["a" + levels]).Write(w, ProtocolVersion.V500));
        await client.ExpectAsync(PacketType.UnsubAck);
        Assert.Equal([ReasonCode.Success], await client.SubscribeAsync(new Subscription("c", QualityOfService.AtMostOnce)));
    }

    [Fact]
    public async Task Subscribe_Shared_IsRefusedAsAnnounced()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.SendSubscribeAsync(new Subscription("$share/g/a", QualityOfService.AtMostOnce));
        await client.ExpectEndAsync(ReasonCode.SharedSubscriptionsNotSupported);
        using var old = await host.ConnectAsync("b", ProtocolVersion.V311);
        Assert.Equal([ReasonCode.UnspecifiedError], await old.SubscribeAsync(new Subscription("$share/g/a", QualityOfService.AtMostOnce)));
    }

    [Fact]
    public async Task Unsubscribe_AnswersEachAndEndsDelivery()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.SubscribeAsync("a/+");
        await client.SendAsync(w => new UnsubscribePacket(9, ["a/+", "never", "a#"]).Write(w, ProtocolVersion.V500));
        var answer = (await client.ExpectAsync(PacketType.UnsubAck)).SubAck(ProtocolVersion.V500);
        Assert.Equal(9, answer.PacketId);
        Assert.Equal([ReasonCode.Success, ReasonCode.NoSubscriptionExisted, ReasonCode.TopicFilterInvalid], answer.ReasonCodes);
        await client.PublishAsync("a/b", "x");
        await client.ExpectNothingAsync();
        Assert.Equal(0, host.Broker.Status().Subscriptions);
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task Subscribe_Overlapping_DeliversOnceAtTheHighestQos(ProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a", version);
        await client.SubscribeAsync("a/#", 0);
        await client.SubscribeAsync("a/+", 2);
        await client.SubscribeAsync("+/b", 1);
        await client.PublishAsync("a/b", "x", 2, 1);
        var packets = new[] { await client.ReceiveAsync(), await client.ReceiveAsync() };
        Assert.Single(packets, p => p.Header >> 4 == (int)PacketType.PubRec);
        Assert.Single(packets, p => p.Header >> 4 == (int)PacketType.Publish && (p.Header & 6) == 4);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Subscribe_Identifiers_ComeWithWhatTheSubscriptionsBring()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        using var other = await host.ConnectAsync("b");
        await other.PublishAsync("kept", "x", retain: true);
        await other.ExpectNothingAsync();
        await SubscribeAsync(client, 268_435_455, new Subscription("a/#", QualityOfService.AtMostOnce, NoLocal: true));
        await SubscribeAsync(client, 7, new Subscription("a/+", QualityOfService.AtLeastOnce), new Subscription("c", QualityOfService.AtLeastOnce));
        await SubscribeAsync(client, null, new Subscription("+/b", QualityOfService.AtMostOnce));
        await other.PublishAsync("a/b", "x");
        Assert.Equal([7, 268_435_455], (await client.ExpectPublishAsync()).SubscriptionIdentifiers!.Order());
        await other.PublishAsync("c", "x", 1, 1, properties: new MessageProperties { UserProperties = [new("k", "v")] });
        var single = await client.ExpectPublishAsync();
        Assert.Equal([7], single.SubscriptionIdentifiers!);
        Assert.Equal("v", single.Message.Properties.User("k"));
        await other.PublishAsync("z/b", "x");
        Assert.Null((await client.ExpectPublishAsync()).SubscriptionIdentifiers);

        // The one with No Local brings nothing of one's own, and says nothing of itself with what others bring.
        await client.PublishAsync("a/z", "x");
        Assert.Equal([7], (await client.ExpectPublishAsync()).SubscriptionIdentifiers!);

        // Subscribed anew without one: it has none any more.
        await SubscribeAsync(client, null, new Subscription("c", QualityOfService.AtMostOnce));
        await other.PublishAsync("c", "x");
        Assert.Null((await client.ExpectPublishAsync()).SubscriptionIdentifiers);
        await SubscribeAsync(client, 9, new Subscription("kept", QualityOfService.AtMostOnce));
        Assert.Equal([9], (await client.ExpectPublishAsync()).SubscriptionIdentifiers!);
    }

    [Fact]
    public async Task Subscribe_IdentifiersMakeItTooLarge_IsNotSent()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync(new ConnectPacket { ClientId = "a", CleanStart = true, MaximumPacketSize = 200 });
        await SubscribeAsync(client, 268_435_455, new Subscription("t", QualityOfService.AtMostOnce));
        await client.PublishAsync("t", new string('x', 192));
        await client.ExpectNothingAsync();
        await client.PublishAsync("t", new string('x', 180));
        Assert.Equal(180, (await client.ExpectPublishAsync()).Message.Payload.Length);
    }

    private static async Task SubscribeAsync(WireClient client, int? identifier, params Subscription[] subscriptions)
    {
        await client.SendAsync(w => new SubscribePacket(7, subscriptions, identifier).Write(w, ProtocolVersion.V500));
        await client.ExpectAsync(PacketType.SubAck);
    }

    [Fact]
    public async Task Subscribe_NoLocal_DoesNotBringOnesOwn()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        using var other = await host.ConnectAsync("b");
        await client.SubscribeAsync(new Subscription("t", QualityOfService.AtMostOnce, NoLocal: true));
        await client.PublishAsync("t", "own", 1, 4);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        await other.PublishAsync("t", "other");
        Assert.Equal("other", (await client.ExpectPublishAsync()).Text());
    }

    [Fact]
    public async Task Subscribe_BridgeBitOf311_MeansNoLocalAndRetainAsPublished()
    {
        await using var host = await BrokerHost.StartAsync();
        using var bridge = await host.ConnectAsync(new ConnectPacket { ClientId = "b", Version = ProtocolVersion.V311, IsBridge = true, CleanStart = true });
        using var other = await host.ConnectAsync("o");
        await bridge.SubscribeAsync("t");
        await bridge.PublishAsync("t", "own");
        await bridge.ExpectNothingAsync();
        await other.PublishAsync("t", "other", retain: true);
        Assert.True((await bridge.ExpectPublishAsync()).Message.Retain);
    }

    [Fact]
    public async Task Subscribe_LeadingWildcard_DoesNotBringReservedTopics()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.SubscribeAsync("#");
        await client.SubscribeAsync("+/broker/#");
        await client.ExpectNothingAsync();
        await client.SendSubscribeAsync(new Subscription("$SYS/broker/version", QualityOfService.AtMostOnce));
        await client.ExpectAsync(PacketType.SubAck);
        var version = await client.ExpectPublishAsync();
        Assert.True(version.Message.Retain);
        Assert.StartsWith("edge-gateway version ", version.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sys_AfterTheInterval_IsPublishedAgain()
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        using var client = await host.ConnectAsync("a");
        await client.SendSubscribeAsync(new Subscription("$SYS/broker/clients/connected", QualityOfService.AtMostOnce, RetainHandling: RetainHandling.DoNotSend));
        await client.ExpectAsync(PacketType.SubAck);
        time.Advance(TimeSpan.FromSeconds(10));
        var got = await client.ExpectPublishAsync();
        Assert.Equal(("1", false), (got.Text(), got.Message.Retain));
    }

    [Fact]
    public async Task Subscribe_WithinTheProcess_GetsMessagesUntilDisposed()
    {
        await using var host = await BrokerHost.StartAsync();
        var got = new List<string>();
        var subscription = host.Broker.Subscribe("a/+", m => got.Add(m.Topic));
        var message = new MqttMessage { Topic = "a/b", ReceivedAt = TimeProvider.System.GetTimestamp() };
        Assert.Equal(PublishStatus.Accepted, host.Broker.Publish(message, acknowledged: true).Status);
        subscription.Dispose();
        Assert.Equal(PublishStatus.NoMatchingSubscribers, host.Broker.Publish(message, acknowledged: true).Status);
        Assert.Equal(["a/b"], got);
    }

    [Fact]
    public async Task Publish_AfterSubscriptionsChanged_IsRoutedAnew()
    {
        await using var host = await BrokerHost.StartAsync();
        using var a = await host.ConnectAsync("a");
        using var b = await host.ConnectAsync("b");
        await a.SubscribeAsync("t");
        await b.PublishAsync("t", "1");
        await a.ExpectPublishAsync();
        await b.SubscribeAsync("+");
        await b.PublishAsync("t", "2");
        await a.ExpectPublishAsync();
        await b.ExpectPublishAsync();
        await a.SubscribeAsync("t", 1);
        await b.PublishAsync("t", "3", 1, 1);
        Assert.Equal(QualityOfService.AtLeastOnce, (await a.ExpectPublishAsync()).Message.Qos);
    }
}
