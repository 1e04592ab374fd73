using Gateway.Mqtt;
using Gateway.Tests.Mqtt.Client;
using Gateway.Tests.Broker.Wire;
using Gateway.Tests.Support;

namespace Gateway.Tests.Broker;

public sealed class WillTests
{
    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task Will_ConnectionLost_IsPublished(ProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var watcher = await WatchAsync(host);
        using (await host.ConnectAsync(WithWill(version)))
        {
        }

        var got = await watcher.ExpectPublishAsync();
        Assert.Equal(("will", "gone", QualityOfService.AtLeastOnce), (got.Message.Topic, got.Text(), got.Message.Qos));
    }

    [Theory]
    [InlineData(ProtocolVersion.V311, ReasonCode.Success, false)]
    [InlineData(ProtocolVersion.V500, ReasonCode.Success, false)]
    [InlineData(ProtocolVersion.V500, ReasonCode.DisconnectWithWill, true)]
    [InlineData(ProtocolVersion.V500, ReasonCode.UnspecifiedError, true)]
    public async Task Will_Disconnect_IsPublishedOnlyIfAsked(ProtocolVersion version, ReasonCode reason, bool published)
    {
        await using var host = await BrokerHost.StartAsync();
        using var watcher = await WatchAsync(host);
        using var client = await host.ConnectAsync(WithWill(version));
        await client.DisconnectAsync(reason);
        await client.ExpectClosedAsync();
        if (published)
        {
            await watcher.ExpectPublishAsync();
        }

        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task Will_ProtocolErrorOrKeepAlive_IsPublished()
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        using var watcher = await WatchAsync(host);
        using var wrong = await host.ConnectAsync(WithWill(ProtocolVersion.V500) with { ClientId = "wrong" });
        await wrong.SendHexAsync("0000");
        await watcher.ExpectPublishAsync();
        using var silent = await host.ConnectAsync(WithWill(ProtocolVersion.V500) with { KeepAlive = 1 });
        await silent.ExpectNothingAsync();
        time.Advance(TimeSpan.FromSeconds(2));
        await watcher.ExpectPublishAsync();
    }

    [Fact]
    public async Task Will_RetainAndProperties_AreKept()
    {
        await using var host = await BrokerHost.StartAsync();
        var will = new Will(
            new MqttMessage
            {
                Topic = "will",
                Payload = "gone"u8.ToArray(),
                Retain = true,
                Properties = new MessageProperties { ContentType = "text/plain", UserProperties = [new("k", "v")] },
            },
            0);
        using var witness = await WatchAsync(host);
        using (await host.ConnectAsync(WithWill(ProtocolVersion.V500) with { Will = will }))
        {
        }

        await witness.ExpectPublishAsync();
        using var watcher = await WatchAsync(host);
        var got = await watcher.ExpectPublishAsync();
        Assert.True(got.Message.Retain);
        Assert.Equal(("text/plain", "v"), (got.Message.Properties.ContentType, got.Message.Properties.User("k")));
    }

    [Fact]
    public async Task WillDelay_IsWaitedFor()
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        using var watcher = await WatchAsync(host);
        await LoseAsync(host, Delayed(30, expiry: 100));
        time.Advance(TimeSpan.FromSeconds(29));
        await watcher.ExpectNothingAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await watcher.ExpectPublishAsync();
        time.Advance(TimeSpan.FromSeconds(100));
        await watcher.ExpectNothingAsync();
        Assert.Equal(1, host.Broker.Status().Sessions);
    }

    [Fact]
    public async Task WillDelay_SessionEndsEarlier_IsPublishedThen()
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        using var watcher = await WatchAsync(host);
        await LoseAsync(host, Delayed(300, expiry: 10));
        time.Advance(TimeSpan.FromSeconds(10));
        await watcher.ExpectPublishAsync();
    }

    [Fact]
    public async Task WillDelay_NoSession_IsPublishedAtOnce()
    {
        await using var host = await BrokerHost.StartAsync();
        using var watcher = await WatchAsync(host);
        using (await host.ConnectAsync(Delayed(300, expiry: 0)))
        {
        }

        await watcher.ExpectPublishAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task WillDelay_ClientComesBack_IsVoidUnlessTheSessionEnds(bool clean, bool published)
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        using var watcher = await WatchAsync(host);
        await LoseAsync(host, Delayed(30, expiry: 100));
        using var back = await host.ConnectAsync(new ConnectPacket { ClientId = "w", CleanStart = clean, SessionExpiryInterval = 100 });
        if (published)
        {
            await watcher.ExpectPublishAsync();
        }

        time.Advance(TimeSpan.FromSeconds(60));
        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(0u, false, true)]
    [InlineData(30u, false, false)]
    [InlineData(30u, true, true)]
    public async Task Will_Takeover_IsPublishedUnlessDelayedAndResumed(uint delay, bool clean, bool published)
    {
        await using var host = await BrokerHost.StartAsync();
        using var watcher = await WatchAsync(host);
        using var first = await host.ConnectAsync(Delayed(delay, expiry: 100));
        using var second = await host.ConnectAsync(new ConnectPacket { ClientId = "w", CleanStart = clean, SessionExpiryInterval = 100 });
        await first.ExpectEndAsync(ReasonCode.SessionTakenOver);
        if (published)
        {
            await watcher.ExpectPublishAsync();
        }

        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("a/#", ReasonCode.TopicNameInvalid)]
    [InlineData("", ReasonCode.TopicNameInvalid)]
    [InlineData("$SYS/x", ReasonCode.NotAuthorized)]
    public async Task Will_ImpossibleTopic_RefusesTheConnection(string topic, ReasonCode expected)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync();
        var connect = new ConnectPacket { ClientId = "a", Will = new Will(new MqttMessage { Topic = topic }, 0) };
        Assert.Equal(expected, (await client.HandshakeAsync(connect)).ReasonCode);
    }

    private static ConnectPacket WithWill(ProtocolVersion version) => new()
    {
        ClientId = "w",
        Version = version,
        CleanStart = true,
        Will = new Will(new MqttMessage { Topic = "will", Payload = "gone"u8.ToArray(), Qos = QualityOfService.AtLeastOnce }, 0),
    };

    private static ConnectPacket Delayed(uint delay, uint expiry)
    {
        var connect = WithWill(ProtocolVersion.V500);
        return connect with { SessionExpiryInterval = expiry, Will = connect.Will! with { DelayInterval = delay } };
    }

    private static async Task<WireClient> WatchAsync(BrokerHost host)
    {
        var watcher = await host.ConnectAsync("watcher");
        await watcher.SendSubscribeAsync(new Subscription("will", QualityOfService.AtLeastOnce));
        await watcher.ExpectAsync(PacketType.SubAck);
        return watcher;
    }

    /// <summary>Connects, and ends without a DISCONNECT that voids the will; returns once the broker has noticed.</summary>
    private static async Task LoseAsync(BrokerHost host, ConnectPacket connect)
    {
        var others = host.Broker.Status().ClientsConnected;
        using var client = await host.ConnectAsync(connect);
        await client.DisconnectAsync(ReasonCode.DisconnectWithWill);
        await client.ExpectClosedAsync();

        // The client sees the end before the broker has seen to the session: only then does time count.
        await Waiting.UntilAsync(() => host.Broker.Status().ClientsConnected == others);
    }
}
