using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Tests.Broker.Wire;
using Gateway.Tests.Support;

namespace Gateway.Tests.Broker;

public sealed class SessionTests
{
    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task Session_Persistent_KeepsSubscriptionsAndQueues(ProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using (var client = await host.ConnectAsync(Persistent("s", version)))
        {
            await client.SubscribeAsync("t", 2);
            await client.DisconnectAsync();
            await client.ExpectClosedAsync();
        }

        using var publisher = await host.ConnectAsync("p");
        for (ushort qos = 0; qos <= 2; qos++)
        {
            await publisher.PublishAsync("t", $"{qos}", qos, qos);
        }

        await publisher.ExpectAckAsync(PacketType.PubAck);
        await publisher.ExpectAckAsync(PacketType.PubRec);
        using var back = await host.OpenAsync(version);
        Assert.True((await back.HandshakeAsync(Persistent("s", version))).SessionPresent);
        Assert.Equal("1", (await back.ExpectPublishAsync()).Text());
        Assert.Equal("2", (await back.ExpectPublishAsync()).Text());
        await back.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(101, false)]
    public async Task Session_LivesLongerThanATimerCan_EndsWhenItIsOver(int days, bool present)
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { SessionExpiry = TimeSpan.FromDays(100) } }, time);
        var connect = new ConnectPacket { ClientId = "s", CleanStart = false, SessionExpiryInterval = uint.MaxValue };
        using (var client = await host.ConnectAsync(connect))
        {
            await client.DisconnectAsync();
            await client.ExpectClosedAsync();
        }

        await Mqtt.Client.Waiting.UntilAsync(() => host.Broker.Status().ClientsConnected == 0);
        time.Advance(TimeSpan.FromDays(days));
        Assert.Equal(present ? 1 : 0, host.Broker.Status().Sessions);
        using var back = await host.OpenAsync();
        Assert.Equal(present, (await back.HandshakeAsync(connect)).SessionPresent);
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task Session_CleanStart_ForgetsEverything(ProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using (var client = await host.ConnectAsync(Persistent("s", version)))
        {
            await client.SubscribeAsync("t", 1);
        }

        using var clean = await host.OpenAsync(version);
        Assert.False((await clean.HandshakeAsync(Persistent("s", version) with { CleanStart = true })).SessionPresent);
        await clean.PublishAsync("t", "x");
        await clean.ExpectNothingAsync();
    }

    [Fact]
    public async Task Session_CleanSessionOf311_IsNotThereAfterwards()
    {
        await using var host = await BrokerHost.StartAsync();
        using var first = await host.ConnectAsync("s", ProtocolVersion.V311, clean: true);
        await first.SubscribeAsync("t", 1);
        using var second = await host.OpenAsync(ProtocolVersion.V311);
        Assert.False((await second.HandshakeAsync(new ConnectPacket { ClientId = "s", Version = ProtocolVersion.V311, CleanStart = false })).SessionPresent);
        await first.ExpectClosedAsync();
        await second.PublishAsync("t", "x");
        await second.ExpectNothingAsync();
        Assert.Equal(1, host.Broker.Status().ClientsConnected);
        Assert.Equal(1, host.Broker.Status().Sessions);
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task Reconnect_Inflight_IsSentAgainInOrderWithTheSameIdentifiers(ProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        var ids = new List<ushort>();
        using (var client = await host.ConnectAsync(Persistent("s", version)))
        {
            await client.SubscribeAsync("t", 2);
            using var publisher = await host.ConnectAsync("p");
            for (ushort i = 1; i <= 4; i++)
            {
                await publisher.PublishAsync("t", $"{i}", i % 2 == 0 ? 2 : 1, i);
                ids.Add((await client.ExpectPublishAsync()).PacketId);
            }

            // 1 is done with, 2 is released, 3 and 4 are not acknowledged.
            await client.AckAsync(PacketType.PubAck, ids[0]);
            await client.AckAsync(PacketType.PubRec, ids[1]);
            await client.ExpectAckAsync(PacketType.PubRel);
        }

        using var back = await host.OpenAsync(version);
        Assert.True((await back.HandshakeAsync(Persistent("s", version))).SessionPresent);
        Assert.Equal(ids[1], (await back.ExpectAckAsync(PacketType.PubRel)).PacketId);
        foreach (var i in new[] { 2, 3 })
        {
            var again = await back.ExpectPublishAsync();
            Assert.Equal((ids[i], true, $"{i + 1}"), (again.PacketId, again.Dup, again.Text()));
        }

        await back.AckAsync(PacketType.PubComp, ids[1]);
        await back.AckAsync(PacketType.PubAck, ids[2]);
        await back.AckAsync(PacketType.PubRec, ids[3]);
        await back.ExpectAckAsync(PacketType.PubRel);
        await back.AckAsync(PacketType.PubComp, ids[3]);
        await back.ExpectNothingAsync();
        Assert.Equal(0, host.Broker.Status().QueuedBytes);
    }

    [Fact]
    public async Task Reconnect_WithASmallerReceiveMaximum_ResendsNoMoreThanThat()
    {
        await using var host = await BrokerHost.StartAsync();
        using (var client = await host.ConnectAsync(Persistent("s", ProtocolVersion.V500)))
        {
            await client.SubscribeAsync("t", 1);
            for (ushort i = 1; i <= 3; i++)
            {
                host.Broker.Publish(new MqttMessage { Topic = "t", Qos = QualityOfService.AtLeastOnce, ReceivedAt = TimeProvider.System.GetTimestamp() }, true);
                await client.ExpectPublishAsync();
            }
        }

        using var back = await host.ConnectAsync(Persistent("s", ProtocolVersion.V500) with { ReceiveMaximum = 1 });
        for (var i = 0; i < 3; i++)
        {
            var again = await back.ExpectPublishAsync();
            await back.ExpectNothingAsync();
            await back.AckAsync(PacketType.PubAck, again.PacketId);
        }

        await back.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task Takeover_OldConnection_IsToldAndClosed(ProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var first = await host.ConnectAsync(Persistent("s", version));
        await first.SubscribeAsync("t", 1);
        using var second = await host.OpenAsync(version);
        Assert.True((await second.HandshakeAsync(Persistent("s", version))).SessionPresent);
        await first.ExpectEndAsync(ReasonCode.SessionTakenOver);
        await second.PublishAsync("t", "x");
        Assert.Equal("x", (await second.ExpectPublishAsync()).Text());
    }

    [Fact]
    public async Task Takeover_ManyAtOnce_LeavesOneSessionAndOneClient()
    {
        await using var host = await BrokerHost.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.OpenAsync()));
        await Task.WhenAll(clients.Select(c => c.SendAsync(Persistent("s", ProtocolVersion.V500).Write)));
        var ended = 0;
        foreach (var client in clients)
        {
            await client.ExpectAsync(PacketType.ConnAck);
            await client.SendAsync(Ping.WriteRequest);
            ended += (await client.ReceiveAsync()).Header >> 4 == (int)PacketType.Disconnect ? 1 : 0;
        }

        clients.ToList().ForEach(c => c.Dispose());
        Assert.True(ended >= 1);
        Assert.Equal(1, host.Broker.Status().Sessions);
    }

    [Fact]
    public async Task Expiry_OfASession_EndsIt()
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        using (var client = await host.ConnectAsync(Persistent("s", ProtocolVersion.V500) with { SessionExpiryInterval = 60 }))
        {
            await client.SubscribeAsync("t", 1);
            await client.DisconnectAsync();
            await client.ExpectClosedAsync();
        }

        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, host.Broker.Status().Sessions);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, host.Broker.Status().Sessions);
        Assert.Equal(0, host.Broker.Status().Subscriptions);
        using var back = await host.OpenAsync();
        Assert.False((await back.HandshakeAsync(Persistent("s", ProtocolVersion.V500))).SessionPresent);
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(100u, 1)]
    public async Task Expiry_ChangedInDisconnect_Counts(uint expiry, int sessions)
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        using var client = await host.ConnectAsync(Persistent("s", ProtocolVersion.V500) with { SessionExpiryInterval = 60 });
        await client.DisconnectAsync(expiry: expiry);
        await client.ExpectClosedAsync();
        time.Advance(TimeSpan.FromSeconds(70));
        Assert.Equal(sessions, host.Broker.Status().Sessions);
    }

    [Fact]
    public async Task Expiry_RaisedFromZeroInDisconnect_IsAProtocolError()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("s");
        await client.DisconnectAsync(expiry: 5);
        await client.ExpectEndAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task Expiry_LongerThanTheBrokerKeeps_IsCutAndTold()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync();
        var answer = await client.HandshakeAsync(Persistent("s", ProtocolVersion.V500) with { SessionExpiryInterval = uint.MaxValue });
        Assert.Equal((uint)BrokerLimits.DefaultSessionExpiry.TotalSeconds, answer.SessionExpiryInterval);
    }

    [Fact]
    public async Task Offline_QueueFull_DropsTheOldestAndCounts()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Memory = 80_000 } });
        using (var client = await host.ConnectAsync(Persistent("s", ProtocolVersion.V500)))
        {
            await client.SubscribeAsync("t", 1);
            await client.DisconnectAsync();
            await client.ExpectClosedAsync();
        }

        using var publisher = await host.ConnectAsync("p");
        for (ushort i = 1; i <= 30; i++)
        {
            await publisher.PublishAsync("t", $"{i,-1000}", 1, i);
            await publisher.ExpectAckAsync(PacketType.PubAck);
        }

        using var back = await host.ConnectAsync(Persistent("s", ProtocolVersion.V500));
        var first = int.Parse((await back.ExpectPublishAsync()).Text(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(first - 1, host.Broker.Status().Dropped[DropReason.SessionOverflow]);
        for (var i = first + 1; i <= 30; i++)
        {
            Assert.Equal($"{i,-1000}", (await back.ExpectPublishAsync()).Text());
        }

        await back.ExpectNothingAsync();
        Assert.InRange(first, 10, 29);
    }

    [Fact]
    public async Task SlowConsumer_AtMostOnce_LosesOnlyItsOwn()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Memory = 4 << 20 } });
        using var slow = await host.ConnectAsync("slow");
        using var quick = await host.ConnectAsync("quick");
        await slow.SubscribeAsync("t");
        await quick.SubscribeAsync("t");
        var payload = new string('x', 100_000);
        for (var i = 0; i < 200; i++)
        {
            await quick.PublishAsync("t", payload);
            await quick.ExpectPublishAsync();
        }

        Assert.True(host.Broker.Status().Dropped[DropReason.SlowConsumer] > 0);
        Assert.InRange(host.Broker.Status().QueuedBytes, 0, 4 << 20);
        Assert.Equal(2, host.Broker.Status().ClientsConnected);
    }

    [Fact]
    public async Task SlowConsumer_AtLeastOnce_IsDisconnected()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Memory = 4 << 20 } });
        using var slow = await host.ConnectAsync("slow");
        await slow.SubscribeAsync("t", 1);
        using var publisher = await host.ConnectAsync("p");
        for (ushort i = 1; i <= 40; i++)
        {
            await publisher.PublishAsync("t", new string('x', 100_000), 1, i);
            await publisher.ExpectAckAsync(PacketType.PubAck);
        }

        byte header;
        do
        {
            header = (await slow.ReceiveAsync()).Header;
        }
        while (header >> 4 == (int)PacketType.Publish);
        Assert.Equal((int)PacketType.Disconnect, header >> 4);
        await slow.ExpectClosedAsync();
    }

    [Fact]
    public async Task Memory_AllQueuesTogether_StayInTheBudget()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Memory = 100_000 } });
        for (var i = 0; i < 8; i++)
        {
            using var client = await host.ConnectAsync(Persistent($"s{i}", ProtocolVersion.V500));
            await client.SubscribeAsync($"t/{i}", 1);
            await client.DisconnectAsync();
            await client.ExpectClosedAsync();
        }

        for (var i = 0; i < 160; i++)
        {
            host.Broker.Publish(
                new MqttMessage { Topic = $"t/{i % 8}", Payload = new byte[1000], Qos = QualityOfService.AtLeastOnce, ReceivedAt = TimeProvider.System.GetTimestamp() }, true);
            Assert.InRange(host.Broker.Status().QueuedBytes, 0, 100_000);
        }

        Assert.True(host.Broker.Status().Dropped[DropReason.MemoryBudget] > 0);
    }

    private static ConnectPacket Persistent(string id, ProtocolVersion version) => new()
    {
        ClientId = id,
        Version = version,
        CleanStart = false,
        SessionExpiryInterval = version == ProtocolVersion.V500 ? 3600 : null,
    };
}
