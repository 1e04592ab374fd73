using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Tests.Broker.Wire;
using Gateway.Tests.Support;

namespace Gateway.Tests.Broker;

public sealed class RetainedTests
{
    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task Retained_NewestOfEachTopic_ComesWithTheFlag(ProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a", version);
        await client.PublishAsync("r/1", "old", retain: true);
        await client.PublishAsync("r/1", "new", 1, 5, retain: true);
        await client.ExpectAckAsync(PacketType.PubAck);
        await client.PublishAsync("r/2", "gone", retain: true);
        await client.PublishAsync("r/2", "", retain: true);
        await client.PublishAsync("r/3", "plain");
        await client.SendSubscribeAsync(new Subscription("r/#", QualityOfService.ExactlyOnce));
        await client.ExpectAsync(PacketType.SubAck);
        var got = await client.ExpectPublishAsync();
        Assert.Equal(("r/1", "new", true, QualityOfService.AtLeastOnce), (got.Message.Topic, got.Text(), got.Message.Retain, got.Message.Qos));
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Retained_EstablishedSubscription_SeesTheFlagOnlyAsPublished()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.SubscribeAsync("t");
        await client.PublishAsync("t", "1", retain: true);
        Assert.False((await client.ExpectPublishAsync()).Message.Retain);
        await client.SubscribeAsync(new Subscription("t", QualityOfService.AtMostOnce, RetainAsPublished: true, RetainHandling: RetainHandling.DoNotSend));
        await client.PublishAsync("t", "2", retain: true);
        Assert.True((await client.ExpectPublishAsync()).Message.Retain);
        await client.PublishAsync("t", "3");
        Assert.False((await client.ExpectPublishAsync()).Message.Retain);
    }

    [Fact]
    public async Task Retained_Deletion_IsStillDelivered()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.SubscribeAsync("t");
        await client.PublishAsync("t", "", retain: true);
        Assert.Equal("", (await client.ExpectPublishAsync()).Text());
    }

    [Theory]
    [InlineData(RetainHandling.Send, true, true)]
    [InlineData(RetainHandling.SendIfNew, true, false)]
    [InlineData(RetainHandling.DoNotSend, false, false)]
    public async Task RetainHandling_NewAndRepeatedSubscription_SendsAsAsked(RetainHandling handling, bool first, bool second)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.PublishAsync("t", "x", retain: true);
        foreach (var expected in new[] { first, second })
        {
            await client.SendSubscribeAsync(new Subscription("t", QualityOfService.AtMostOnce, RetainHandling: handling));
            await client.ExpectAsync(PacketType.SubAck);
            if (expected)
            {
                Assert.True((await client.ExpectPublishAsync()).Message.Retain);
            }

            await client.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task Retained_Expiry_IsRewrittenAndEnds()
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        using var client = await host.ConnectAsync("a");
        await client.PublishAsync("t", "x", retain: true, properties: new MessageProperties { MessageExpiryInterval = 30 });
        await client.ExpectNothingAsync();
        time.Advance(TimeSpan.FromSeconds(9));
        await client.SendSubscribeAsync(new Subscription("t", QualityOfService.AtMostOnce));
        await client.ExpectAsync(PacketType.SubAck);
        Assert.Equal(21u, (await client.ExpectPublishAsync()).Message.Properties.MessageExpiryInterval);
        time.Advance(TimeSpan.FromSeconds(21));
        await client.SubscribeAsync("t");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Retained_TopicsOfThousandsOfLevels_WeighWhatTheirLevelsTake()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Memory = 4 << 20 } });
        using var client = await host.ConnectAsync("a");
        var levels = new string('/', 20_000);
        await client.PublishAsync("a" + levels, "x", 1, 1, retain: true);
        Assert.False((await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode.IsFailure());
        await client.PublishAsync("b", "x", 1, 2, retain: true);
        Assert.Equal(ReasonCode.QuotaExceeded, (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        await client.PublishAsync("a" + levels, "", 1, 3, retain: true);
        await client.ExpectAckAsync(PacketType.PubAck);
        Assert.True(host.Broker.Retained.Bytes < 100_000);
    }

    [Fact]
    public async Task Retained_OverItsBound_IsRefusedAndSaidSo()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Memory = 20_000 } });
        using var client = await host.ConnectAsync("a");
        await client.PublishAsync("t", new string('x', 12_000), 1, 1, retain: true);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        await client.PublishAsync("u", new string('x', 12_000), 1, 2, retain: true);
        Assert.Equal(ReasonCode.QuotaExceeded, (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        await client.PublishAsync("t", "", 1, 3, retain: true);
        await client.ExpectAckAsync(PacketType.PubAck);
        await client.PublishAsync("u", new string('x', 12_000), 1, 4, retain: true);
        Assert.False((await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode.IsFailure());
    }
}
