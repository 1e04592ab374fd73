using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Tests.Broker.Wire;
using Gateway.Tests.Support;

namespace Gateway.Tests.Broker;

public sealed class PublishTests
{
    public static TheoryData<ProtocolVersion> Versions => [ProtocolVersion.V311, ProtocolVersion.V500];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Publish_EachQosToEachQos_ArrivesAtTheLower(ProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var publisher = await host.ConnectAsync("p", version);
        using var subscriber = await host.ConnectAsync("s", version);
        for (var wanted = 0; wanted <= 2; wanted++)
        {
            await subscriber.SubscribeAsync("t", wanted);
            for (var sent = 0; sent <= 2; sent++)
            {
                await publisher.PublishAsync("t", $"{wanted}{sent}", sent, (ushort)(sent + 10));
                var got = await subscriber.ExpectPublishAsync();
                Assert.Equal(($"{wanted}{sent}", (QualityOfService)Math.Min(wanted, sent)), (got.Text(), got.Message.Qos));
                await FinishAsync(subscriber, got);
                await FinishAsync(publisher, sent, (ushort)(sent + 10));
            }
        }

        await subscriber.ExpectNothingAsync();
        await publisher.ExpectNothingAsync();
        Assert.Equal(0, host.Broker.Status().QueuedBytes);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Publish_QoS2SentTwice_IsPublishedOnce(ProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await host.ConnectAsync("s");
        await subscriber.SubscribeAsync("t", 0);
        using var publisher = await host.ConnectAsync("p", version);
        await publisher.PublishAsync("t", "one", 2, 9);
        await publisher.ExpectAckAsync(PacketType.PubRec);
        await publisher.PublishAsync("t", "one", 2, 9, dup: true);
        await publisher.ExpectAckAsync(PacketType.PubRec);
        await publisher.AckAsync(PacketType.PubRel, 9);
        Assert.Equal(ReasonCode.Success, (await publisher.ExpectAckAsync(PacketType.PubComp)).ReasonCode);
        await publisher.PublishAsync("t", "two", 2, 9);
        await publisher.ExpectAckAsync(PacketType.PubRec);
        Assert.Equal("one", (await subscriber.ExpectPublishAsync()).Text());
        Assert.Equal("two", (await subscriber.ExpectPublishAsync()).Text());
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task Publish_QoS2AcrossAReconnect_IsPublishedOnce()
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await host.ConnectAsync("s");
        await subscriber.SubscribeAsync("t", 0);
        using (var publisher = await host.ConnectAsync("p", ProtocolVersion.V311, clean: false))
        {
            await publisher.PublishAsync("t", "one", 2, 9);
            await publisher.ExpectAckAsync(PacketType.PubRec);
        }

        using var again = await host.ConnectAsync("p", ProtocolVersion.V311, clean: false);
        await again.PublishAsync("t", "one", 2, 9, dup: true);
        await again.ExpectAckAsync(PacketType.PubRec);
        await again.AckAsync(PacketType.PubRel, 9);
        await again.ExpectAckAsync(PacketType.PubComp);
        await subscriber.ExpectPublishAsync();
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task Publish_NobodyWantsIt_IsSaidOn5()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.PublishAsync("t", "x", 1, 1);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        await client.PublishAsync("t", "x", 2, 2);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, (await client.ExpectAckAsync(PacketType.PubRec)).ReasonCode);
    }

    [Fact]
    public async Task Acks_OfUnknownIdentifiers_AreAnsweredNotFound()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.AckAsync(PacketType.PubRel, 77);
        Assert.Equal(ReasonCode.PacketIdentifierNotFound, (await client.ExpectAckAsync(PacketType.PubComp)).ReasonCode);
        await client.AckAsync(PacketType.PubRec, 78);
        Assert.Equal(ReasonCode.PacketIdentifierNotFound, (await client.ExpectAckAsync(PacketType.PubRel)).ReasonCode);
        await client.AckAsync(PacketType.PubAck, 79);
        await client.AckAsync(PacketType.PubComp, 80);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Publish_Properties_ArriveUnchangedAndInOrder()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.SubscribeAsync("t");
        var properties = new MessageProperties
        {
            IsUtf8 = true,
            ContentType = "text/plain",
            ResponseTopic = "answers/here",
            CorrelationData = new byte[] { 1, 0, 2 },
            UserProperties = [new("b", "1"), new("a", "2"), new("b", "3"), new("", "")],
        };
        await client.PublishAsync("t", "x", properties: properties);
        var got = (await client.ExpectPublishAsync()).Message.Properties;
        Assert.True(got.IsUtf8);
        Assert.Equal(("text/plain", "answers/here"), (got.ContentType, got.ResponseTopic));
        Assert.Equal([1, 0, 2], got.CorrelationData!.Value.ToArray());
        Assert.Equal(properties.UserProperties, got.UserProperties);
    }

    [Fact]
    public async Task Publish_MessageExpiry_IsRewrittenAndExpiredOnesAreDropped()
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        using (var away = await host.ConnectAsync(new ConnectPacket { ClientId = "s", CleanStart = true, SessionExpiryInterval = 1000 }))
        {
            await away.SubscribeAsync("t", 1);
            await away.DisconnectAsync();
            await away.ExpectClosedAsync();
        }

        using var publisher = await host.ConnectAsync("p");
        await publisher.PublishAsync("t", "short", 1, 1, properties: new MessageProperties { MessageExpiryInterval = 5 });
        await publisher.ExpectAckAsync(PacketType.PubAck);
        await publisher.PublishAsync("t", "long", 1, 2, properties: new MessageProperties { MessageExpiryInterval = 60 });
        await publisher.ExpectAckAsync(PacketType.PubAck);
        time.Advance(TimeSpan.FromSeconds(20));
        using var back = await host.ConnectAsync("s", clean: false);
        var got = await back.ExpectPublishAsync();
        Assert.Equal(("long", 40u), (got.Text(), got.Message.Properties.MessageExpiryInterval));
        Assert.Equal(1, host.Broker.Status().Dropped[DropReason.Expired]);
    }

    [Theory]
    [InlineData(ProtocolVersion.V311, ReasonCode.Success)]
    [InlineData(ProtocolVersion.V500, ReasonCode.NotAuthorized)]
    public async Task Publish_ToAReservedTopic_ReachesNobody(ProtocolVersion version, ReasonCode expected)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a", version);
        await client.SubscribeAsync("$x/#");
        await client.PublishAsync("$x/y", "0");
        await client.PublishAsync("$x/y", "1", 1, 3);
        Assert.Equal(expected, (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        await client.ExpectNothingAsync();
        Assert.Equal(2, host.Broker.Status().Dropped[DropReason.ReservedTopic]);
    }

    [Fact]
    public async Task Publish_BeyondOurReceiveMaximum_IsDisconnected()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Inflight = 3 } });
        using var client = await host.ConnectAsync("a");
        for (ushort id = 1; id <= 4; id++)
        {
            await client.PublishAsync("t", "x", 2, id);
        }

        for (var i = 0; i < 3; i++)
        {
            await client.ExpectAckAsync(PacketType.PubRec);
        }

        await client.ExpectEndAsync(ReasonCode.ReceiveMaximumExceeded);
    }

    [Fact]
    public async Task Publish_ManyWithinOurReceiveMaximum_AreAllTaken()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Inflight = 2 } });
        using var client = await host.ConnectAsync("a");
        for (ushort id = 1; id <= 10; id++)
        {
            await client.PublishAsync("t", "x", 1, id);
            await client.ExpectAckAsync(PacketType.PubAck);
            await client.PublishAsync("t", "x", 2, id);
            await client.ExpectAckAsync(PacketType.PubRec);
            await client.AckAsync(PacketType.PubRel, id);
            await client.ExpectAckAsync(PacketType.PubComp);
        }
    }

    [Fact]
    public async Task Deliver_ReceiveMaximumOfTheClient_IsRespected()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync(new ConnectPacket { ClientId = "s", CleanStart = true, ReceiveMaximum = 2 });
        await client.SubscribeAsync("t", 2);
        using var publisher = await host.ConnectAsync("p");
        for (ushort i = 1; i <= 5; i++)
        {
            await publisher.PublishAsync("t", $"{i}", i % 2 == 0 ? 2 : 1, i);
        }

        var first = await client.ExpectPublishAsync();
        var second = await client.ExpectPublishAsync();
        await client.ExpectNothingAsync();
        await client.AckAsync(PacketType.PubRec, second.PacketId);
        await client.ExpectAckAsync(PacketType.PubRel);
        await client.ExpectNothingAsync();
        await client.AckAsync(PacketType.PubAck, first.PacketId);
        Assert.Equal("3", (await client.ExpectPublishAsync()).Text());
        await client.ExpectNothingAsync();
        await client.AckAsync(PacketType.PubComp, second.PacketId);
        Assert.Equal("4", (await client.ExpectPublishAsync()).Text());
    }

    [Fact]
    public async Task Deliver_LargerThanTheClientTakes_IsLeftOutForItAlone()
    {
        await using var host = await BrokerHost.StartAsync();
        using var small = await host.ConnectAsync(new ConnectPacket { ClientId = "small", CleanStart = true, MaximumPacketSize = 50 });
        using var large = await host.ConnectAsync("large");
        await small.SubscribeAsync("t", 1);
        await large.SubscribeAsync("t", 0);
        // 2 fixed header + 3 topic + 2 identifier + 1 properties + payload.
        await large.PublishAsync("t", new string('x', 43), 1, 1);
        await large.PublishAsync("t", new string('y', 42), 1, 2);
        Assert.Equal(42, (await small.ExpectPublishAsync()).Message.Payload.Length);
        Assert.Equal(1, host.Broker.Status().Dropped[DropReason.PacketTooLarge]);
    }

    [Theory]
    [InlineData("3006 0002 612f 00 78", ReasonCode.Success)]
    [InlineData("3005 0001 2b 00 78", ReasonCode.MalformedPacket)]
    [InlineData("3005 0001 23 00 78", ReasonCode.MalformedPacket)]
    [InlineData("3004 0000 00 78", ReasonCode.ProtocolError)]
    [InlineData("3605 0001 61 0001", ReasonCode.MalformedPacket)]
    [InlineData("3805 0001 61 00 78", ReasonCode.MalformedPacket)]
    [InlineData("3206 0001 61 0000 00", ReasonCode.MalformedPacket)]
    [InlineData("3004 0001 c0 00", ReasonCode.MalformedPacket)]
    [InlineData("3004 0001 00 00", ReasonCode.MalformedPacket)]
    [InlineData("3007 0001 61 03 230001", ReasonCode.TopicAliasInvalid)]
    [InlineData("3006 0001 61 02 0b01", ReasonCode.ProtocolError)]
    [InlineData("3008 0001 61 04 01010101", ReasonCode.ProtocolError)]
    [InlineData("3006 0001 61 02 1101", ReasonCode.MalformedPacket)]
    [InlineData("3008 0001 61 04 08000123", ReasonCode.ProtocolError)]
    [InlineData("30808000", ReasonCode.MalformedPacket)]
    [InlineData("30ffffffff01", ReasonCode.MalformedPacket)]
    [InlineData("30ffffff7f", ReasonCode.PacketTooLarge)]
    [InlineData("0000", ReasonCode.MalformedPacket)]
    [InlineData("c100", ReasonCode.MalformedPacket)]
    [InlineData("c00100", ReasonCode.MalformedPacket)]
    [InlineData("d000", ReasonCode.ProtocolError)]
    [InlineData("20020000", ReasonCode.ProtocolError)]
    [InlineData("f000", ReasonCode.ProtocolError)]
    [InlineData("60020001", ReasonCode.MalformedPacket)]
    [InlineData("40020000", ReasonCode.MalformedPacket)]
    [InlineData("80020001", ReasonCode.MalformedPacket)]
    [InlineData("8203000100", ReasonCode.ProtocolError)]
    [InlineData("a203000100", ReasonCode.ProtocolError)]
    [InlineData("8207 0001 00 0001 61 03", ReasonCode.ProtocolError)]
    [InlineData("8207 0001 00 0001 61 30", ReasonCode.ProtocolError)]
    [InlineData("8209 0001 02 0b00 0001 61 00", ReasonCode.ProtocolError)]
    [InlineData("820b 0001 04 0b05 0b06 0001 61 00", ReasonCode.ProtocolError)]
    public async Task Packet_MalformedOrForbidden_IsDisconnectedWithItsReason(string hex, ReasonCode expected)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.SendHexAsync(hex);
        if (expected == ReasonCode.Success)
        {
            await client.ExpectNothingAsync();
        }
        else
        {
            await client.ExpectEndAsync(expected);
        }
    }

    [Fact]
    public async Task Disconnected_WhileStillSending_ReadsWhy()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        var large = new byte[4 << 20];
        Convert.FromHexString("3080808002").CopyTo(large, 0);
        await client.SendAsync(large);
        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync(Ping.WriteRequest);
        }

        Assert.Equal(ReasonCode.PacketTooLarge, (await client.ExpectAsync(PacketType.Disconnect)).Disconnect(ProtocolVersion.V500).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Publish_InManySegments_Arrives()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.SubscribeAsync("t", 1);
        var large = new string('z', 200_000);
        await client.PublishAsync("t", large);
        Assert.Equal(large, (await client.ExpectPublishAsync()).Text());
        foreach (var b in Convert.FromHexString("3005000174007a"))
        {
            await client.SendAsync(new[] { b });
        }

        Assert.Equal("z", (await client.ExpectPublishAsync()).Text());
    }

    [Fact]
    public async Task Publish_OwnIdInPathOrTooManyHops_IsAcknowledgedAndDropped()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.SubscribeAsync("t", 1);
        await client.PublishAsync("t", "x", 1, 1, properties: Path("gw-a,gw-test"));
        Assert.Equal(ReasonCode.Success, (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        await client.PublishAsync("t", "x", 0, 0, properties: Path("1,2,3,4,5,6,7,8,9"));
        await client.ExpectNothingAsync();
        Assert.Equal(2, host.Broker.Status().Dropped[DropReason.Looped]);
        await client.PublishAsync("t", "x", 0, 0, properties: Path("1,2,3,4,5,6,7,8"));
        Assert.Equal("1,2,3,4,5,6,7,8", (await client.ExpectPublishAsync()).Message.Properties.User("gw-path"));
    }

    private static MessageProperties Path(string path) => new() { UserProperties = [new(LoopGuard.PathProperty, path)] };

    private static async Task FinishAsync(WireClient receiver, PublishPacket got)
    {
        if (got.Message.Qos == QualityOfService.AtLeastOnce)
        {
            await receiver.AckAsync(PacketType.PubAck, got.PacketId);
        }
        else if (got.Message.Qos == QualityOfService.ExactlyOnce)
        {
            await receiver.AckAsync(PacketType.PubRec, got.PacketId);
            Assert.Equal(got.PacketId, (await receiver.ExpectAckAsync(PacketType.PubRel)).PacketId);
            await receiver.AckAsync(PacketType.PubComp, got.PacketId);
        }
    }

    private static async Task FinishAsync(WireClient sender, int qos, ushort id)
    {
        if (qos == 1)
        {
            Assert.Equal(id, (await sender.ExpectAckAsync(PacketType.PubAck)).PacketId);
        }
        else if (qos == 2)
        {
            Assert.Equal(id, (await sender.ExpectAckAsync(PacketType.PubRec)).PacketId);
            await sender.AckAsync(PacketType.PubRel, id);
            Assert.Equal(id, (await sender.ExpectAckAsync(PacketType.PubComp)).PacketId);
        }
    }
}
