using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Storage;
using Gateway.Tests.Broker.Wire;
using Gateway.Tests.Support;

namespace Gateway.Tests.Broker;

public sealed class DurabilityTests
{
    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task Acks_WaitForTheDiskAndKeepTheirOrder(ProtocolVersion version)
    {
        await using var host = await StartAsync();
        using var client = await host.ConnectAsync("a", version);
        await client.PublishAsync("out/1", "x", 1, 1);
        await client.PublishAsync("lan/1", "x", 1, 2);
        await client.PublishAsync("out/2", "x", 2, 3);
        await client.PublishAsync("out/3", "x", 1, 4);
        await client.ExpectNothingAsync();
        host.Outbox.Commit(1);
        Assert.Equal(1, (await client.ExpectAckAsync(PacketType.PubAck)).PacketId);
        Assert.Equal(2, (await client.ExpectAckAsync(PacketType.PubAck)).PacketId);
        await client.ExpectNothingAsync();
        host.Outbox.Commit(3);
        Assert.Equal(3, (await client.ExpectAckAsync(PacketType.PubRec)).PacketId);
        Assert.Equal(4, (await client.ExpectAckAsync(PacketType.PubAck)).PacketId);
        Assert.All(host.Outbox.Appended, a => Assert.Equal(Urgency.Immediate, a.Urgency));
    }

    [Fact]
    public async Task AtMostOnce_IsAppendedInTheWindowAndDeliveredAtOnce()
    {
        await using var host = await StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.SubscribeAsync("out/#");
        await client.PublishAsync("out/1", "x");
        await client.ExpectPublishAsync();
        Assert.Equal(Urgency.Window, Assert.Single(host.Outbox.Appended).Urgency);
    }

    [Fact]
    public async Task Acks_FailedDisk_AreRefusedOn5AndOnlyThose()
    {
        await using var host = await StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.PublishAsync("out/1", "x", 1, 1);
        await client.PublishAsync("out/2", "x", 2, 2);
        await client.ExpectNothingAsync();
        host.Outbox.Commit(1);
        host.Outbox.Fail(2);
        Assert.Equal(ReasonCode.Success, (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        Assert.Equal(ReasonCode.ImplementationSpecificError, (await client.ExpectAckAsync(PacketType.PubRec)).ReasonCode);
        await client.PublishAsync("out/2", "again", 2, 2);
        await client.ExpectNothingAsync();
        host.Outbox.Commit(3);
        Assert.Equal(ReasonCode.Success, (await client.ExpectAckAsync(PacketType.PubRec)).ReasonCode);
        Assert.Equal(3, host.Outbox.Appended.Count);
    }

    [Fact]
    public async Task Acks_FailedDisk_EndTheConnectionOf311()
    {
        await using var host = await StartAsync();
        using var client = await host.ConnectAsync("a", ProtocolVersion.V311);
        await client.PublishAsync("out/1", "x", 1, 1);
        await client.ExpectNothingAsync();
        host.Outbox.Fail(1);
        host.Outbox.Commit(2);
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(AppendStatus.Refused, ReasonCode.QuotaExceeded)]
    [InlineData(AppendStatus.Failed, ReasonCode.ImplementationSpecificError)]
    public async Task Append_NotTaken_IsRefusedOn5AndClosedOn311(AppendStatus status, ReasonCode expected)
    {
        await using var host = await StartAsync();
        host.Outbox.Answer = status;
        using var client = await host.ConnectAsync("a");
        await client.SubscribeAsync("out/#");
        await client.PublishAsync("out/1", "x", 1, 1);
        Assert.Equal(expected, (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        await client.PublishAsync("out/1", "x", 2, 2);
        Assert.Equal(expected, (await client.ExpectAckAsync(PacketType.PubRec)).ReasonCode);

        // What nobody waits for goes on to the LAN.
        await client.PublishAsync("out/1", "lan");
        Assert.Equal("lan", (await client.ExpectPublishAsync()).Text());
        Assert.Equal(3, host.Broker.Status().Dropped[DropReason.Outbox]);
        using var old = await host.ConnectAsync("b", ProtocolVersion.V311);
        await old.PublishAsync("out/1", "x", 1, 1);
        await old.ExpectClosedAsync();
    }

    [Fact]
    public async Task Acks_FullOn311_StopReadingUntilTheDiskIsThrough()
    {
        await using var host = await StartAsync(inflight: 5);
        using var client = await host.ConnectAsync("a", ProtocolVersion.V311);
        for (ushort i = 1; i <= 5; i++)
        {
            await client.PublishAsync("out/1", "x", 1, i);
        }

        await client.PublishAsync("lan/1", "x", 1, 6);
        await client.SendAsync(Ping.WriteRequest);
        while (host.Outbox.Appended.Count < 5)
        {
            await Task.Yield();
        }

        host.Outbox.Commit(5);
        var types = new List<int>();
        for (var i = 0; i < 7; i++)
        {
            types.Add((await client.ReceiveAsync()).Header >> 4);
        }

        // The ping behind the full queue was not read before the acknowledgements had gone.
        Assert.Equal([4, 4, 4, 4, 4, 4, 13], types);
    }

    [Fact]
    public async Task Acks_FullWhileTheDiskStandsStill_IsNoSilenceOfTheClient()
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Inflight = 2 } }, time);
        host.Broker.Attach(new PrefixTarget("out/"));
        using var client = await host.ConnectAsync(new ConnectPacket { ClientId = "a", Version = ProtocolVersion.V311, CleanStart = true, KeepAlive = 10 });
        await client.PublishAsync("out/1", "x", 1, 1);
        await client.PublishAsync("out/1", "x", 1, 2);
        await client.SendAsync(Ping.WriteRequest);
        await Mqtt.Client.Waiting.UntilAsync(() => host.Broker.Status().Received == 2);
        time.Advance(TimeSpan.FromSeconds(40));
        host.Outbox.Commit(2);
        await client.ExpectAckAsync(PacketType.PubAck);
        await client.ExpectAckAsync(PacketType.PubAck);
        await client.ExpectAsync(PacketType.PingResp);
        time.Advance(TimeSpan.FromSeconds(30));
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Interceptor_HandlesHoldsBackRetainAndNamesItsLsn()
    {
        await using var host = await StartAsync();
        host.Broker.Attach(new Commands());
        using var client = await host.ConnectAsync("a");
        await client.PublishAsync("cmd", "x", 1, 1, retain: true);
        await client.ExpectNothingAsync();
        host.Outbox.Commit(7);
        Assert.Equal(ReasonCode.Success, (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        await client.SubscribeAsync("cmd");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Forward_ReservedTopics_AreNeverBridged()
    {
        await using var host = await BrokerHost.StartAsync();
        host.Broker.Attach(new PrefixTarget(""));
        host.Broker.Publish(new MqttMessage { Topic = "$SYS/x" }, acknowledged: false);
        host.Broker.Publish(new MqttMessage { Topic = "x" }, acknowledged: false);
        Assert.Equal("x", Assert.Single(host.Outbox.Appended).Message.Topic);
    }

    private static async Task<BrokerHost> StartAsync(int inflight = 100)
    {
        var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Inflight = inflight } });
        host.Broker.Attach(new PrefixTarget("out/"));
        return host;
    }

    private sealed class Commands : IPublishInterceptor
    {
        public Interception Intercept(MqttMessage message) =>
            message.Topic == "cmd" ? new Interception(Handled: true, DropRetain: true, new AppendResult(AppendStatus.Accepted, 7)) : Interception.None;
    }
}
