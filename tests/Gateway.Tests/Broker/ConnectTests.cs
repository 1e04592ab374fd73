using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Tests.Broker.Wire;
using Gateway.Tests.Support;

namespace Gateway.Tests.Broker;

public sealed class ConnectTests
{
    [Fact]
    public async Task Connect_V5_AnnouncesWhatTheBrokerOffers()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync();
        var answer = await client.HandshakeAsync(new ConnectPacket { ClientId = "a", CleanStart = true });
        Assert.Equal(ReasonCode.Success, answer.ReasonCode);
        Assert.False(answer.SessionPresent);
        Assert.Equal((ushort)BrokerLimits.DefaultInflight, answer.ReceiveMaximum);
        Assert.Equal((uint)BrokerLimits.DefaultPacket, answer.MaximumPacketSize);
        Assert.Null(answer.MaximumQos);
        Assert.Null(answer.AssignedClientIdentifier);
        Assert.NotEqual(false, answer.RetainAvailable);
        Assert.NotEqual(false, answer.WildcardSubscriptionAvailable);
        Assert.NotEqual(false, answer.SubscriptionIdentifierAvailable);
        Assert.False(answer.SharedSubscriptionAvailable);
        Assert.Equal((ushort)0, answer.TopicAliasMaximum ?? 0);
        Assert.Null(answer.ServerKeepAlive);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connect_V5WithoutIdentifier_GetsOne(bool clean)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync();
        var answer = await client.HandshakeAsync(new ConnectPacket { CleanStart = clean });
        Assert.Equal(ReasonCode.Success, answer.ReasonCode);
        Assert.NotEmpty(answer.AssignedClientIdentifier!);
    }

    [Theory]
    [InlineData(ProtocolVersion.V311, true, ReasonCode.Success)]
    [InlineData(ProtocolVersion.V311, false, ReasonCode.ClientIdentifierNotValid)]
    [InlineData(ProtocolVersion.V310, true, ReasonCode.ClientIdentifierNotValid)]
    public async Task Connect_OldProtocolWithoutIdentifier_NeedsCleanSession(ProtocolVersion version, bool clean, ReasonCode expected)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync(version);
        Assert.Equal(expected, (await client.HandshakeAsync(new ConnectPacket { Version = version, CleanStart = clean })).ReasonCode);
    }

    [Fact]
    public async Task Length_LongerThanNeeded_IsMalformedOnlyOn5()
    {
        await using var host = await BrokerHost.StartAsync();
        using var old = await host.OpenAsync(ProtocolVersion.V311);
        await old.SendHexAsync("10 8c00 00044d515454 04 02 0000 0000");
        await old.ExpectAsync(PacketType.ConnAck);
        await old.SendHexAsync("c0 808000");
        await old.ExpectAsync(PacketType.PingResp);
        using var refused = await host.OpenAsync();
        await refused.SendHexAsync("10 8d00 00044d515454 05 02 0000 00 0000");
        Assert.Equal((byte)ReasonCode.MalformedPacket, (await refused.ExpectAsync(PacketType.ConnAck)).Body[1]);
        await refused.ExpectClosedAsync();
        using var client = await host.ConnectAsync("a");
        await client.SendHexAsync("c0 8000");
        await client.ExpectEndAsync(ReasonCode.MalformedPacket);
    }

    [Fact]
    public async Task Connect_V310_MayRepeatItsRequests()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("old", ProtocolVersion.V310);
        await client.SendHexAsync("8A 06 0001 0001 61 01");
        Assert.Equal([ReasonCode.GrantedQos1], (await client.ExpectAsync(PacketType.SubAck)).SubAck(ProtocolVersion.V310).ReasonCodes);
        await client.SendHexAsync("6A 02 0005");
        Assert.Equal(5, (await client.ExpectAckAsync(PacketType.PubComp)).PacketId);
        await client.SendHexAsync("AA 05 0002 0001 61");
        await client.ExpectAsync(PacketType.UnsubAck);
    }

    [Theory]
    [InlineData("8A 06 0001 0001 61 01")]
    [InlineData("6A 02 0005")]
    [InlineData("AA 05 0002 0001 61")]
    public async Task Request_WithDupSince311_IsMalformed(string hex)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("new", ProtocolVersion.V311);
        await client.SendHexAsync(hex);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Connect_V310_Works()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("old", ProtocolVersion.V310);
        await client.SubscribeAsync("a", 1);
        await client.PublishAsync("a", "x", 1, 5);
        var types = new[] { (await client.ReceiveAsync()).Header >> 4, (await client.ReceiveAsync()).Header >> 4 };
        Assert.Equal([(int)PacketType.Publish, (int)PacketType.PubAck], types.Order());
    }

    [Theory]
    [InlineData("10 0c 00044d515454 03 02 0000 0000", "20020001")]
    [InlineData("10 0d 00044d515454 06 02 0000 00 0000", "2003008400")]
    [InlineData("10 0c 00044d515458 04 02 0000 0000", "20020001")]
    [InlineData("10 0d 00044d515458 05 02 0000 00 0000", "2003008400")]
    [InlineData("10 0d 00044d515454 85 02 0000 00 0000", "2003008400")]
    public async Task Connect_UnknownProtocol_IsToldAndClosed(string hex, string answer)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync(ProtocolVersion.V311);
        await client.SendHexAsync(hex);
        var (header, body) = await client.ReceiveAsync();
        Assert.Equal(answer, Convert.ToHexStringLower([header, (byte)body.Length, .. body]));
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData("c000")]
    [InlineData("11 0d 00044d515454 04 02 0000 000161")]
    [InlineData("10 02 0004")]
    [InlineData("300300016161")]
    [InlineData("10ffffffff7f")]
    [InlineData("474554202f20485454502f312e310d0a0d0a")]
    public async Task FirstPacket_NotConnect_IsClosedWithoutAWord(string hex)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync();
        await client.SendHexAsync(hex);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task FirstPacket_NeverComes_IsClosedAfterTheTimeout()
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        var before = time.ActiveTimers;
        using var client = await host.OpenAsync();
        await time.WhenTimersAsync(before + 1);
        time.Advance(TimeSpan.FromSeconds(11));
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task SecondConnect_IsAProtocolError(ProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a", version);
        await client.SendAsync(new ConnectPacket { ClientId = "a", Version = version, CleanStart = true }.Write);
        await client.ExpectEndAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task Connect_ReservedFlag_IsMalformed()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync();
        await client.SendHexAsync("10 0d 00044d515454 05 03 0000 00 0000");
        var (header, body) = await client.ReceiveAsync();
        Assert.Equal((0x20, 0x81), (header, body[1]));
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(4u, null)]
    [InlineData(5u, ReasonCode.PacketTooLarge)]
    [InlineData(17u, ReasonCode.PacketTooLarge)]
    [InlineData(18u, ReasonCode.Success)]
    public async Task Connect_AnswerLargerThanTheClientTakes_IsNotSent(uint limit, ReasonCode? expected)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync();
        await client.SendAsync(new ConnectPacket { ClientId = "a", CleanStart = true, MaximumPacketSize = limit }.Write);
        if (expected is { } code)
        {
            Assert.Equal((byte)code, (await client.ExpectAsync(PacketType.ConnAck)).Body[1]);
        }

        if (expected != ReasonCode.Success)
        {
            await client.ExpectClosedAsync();
        }
    }

    [Fact]
    public async Task Connect_WillsThatFillTheMemory_CostThoseWhoAreAwayFirst()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Memory = 200_000 } });
        using var watcher = await host.ConnectAsync("w");
        await watcher.SubscribeAsync("away");
        ConnectPacket With(string clientId, string topic) => new()
        {
            ClientId = clientId,
            CleanStart = true,
            SessionExpiryInterval = 100,
            Will = new Will(new MqttMessage { Topic = topic, Payload = new byte[40_000] }, DelayInterval: 100),
        };
        using (var away = await host.ConnectAsync(With("away", "away")))
        {
            await away.DisconnectAsync(ReasonCode.DisconnectWithWill);
            await away.ExpectClosedAsync();
        }

        using var one = await host.ConnectAsync(With("1", "t"));
        using var two = await host.ConnectAsync(With("2", "t"));
        using var three = await host.ConnectAsync(With("3", "t"));
        using var four = await host.ConnectAsync(With("4", "t"));
        Assert.Equal(40_000, (await watcher.ExpectPublishAsync()).Message.Payload.Length);
        using var five = await host.OpenAsync();
        Assert.Equal(ReasonCode.QuotaExceeded, (await five.HandshakeAsync(With("5", "t"))).ReasonCode);
        using var again = await host.ConnectAsync(With("3", "t"));
    }

    [Fact]
    public async Task Connect_ManySocketsBeforeTheFirstWord_AllComeIn()
    {
        const int Clients = 200;
        await using var host = await BrokerHost.StartAsync();
        var clients = new List<WireClient>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(await host.OpenAsync());
        }

        for (var i = 0; i < Clients; i++)
        {
            using var client = clients[i];
            Assert.Equal(ReasonCode.Success, (await client.HandshakeAsync(new ConnectPacket { ClientId = $"c{i}", CleanStart = true })).ReasonCode);
        }
    }

    [Fact]
    public async Task Connect_AuthenticationMethod_IsRefused()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync();
        var answer = await client.HandshakeAsync(new ConnectPacket { ClientId = "a", AuthenticationMethod = "SCRAM-SHA-1" });
        Assert.Equal(ReasonCode.BadAuthenticationMethod, answer.ReasonCode);
    }

    [Fact]
    public async Task Connect_MoreClientsThanTheLimit_IsRefusedAndATakeoverIsNot()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { Limits = new BrokerLimits { Clients = 1 } });
        using var first = await host.ConnectAsync("a");
        using var second = await host.OpenAsync();
        Assert.Equal(ReasonCode.QuotaExceeded, (await second.HandshakeAsync(new ConnectPacket { ClientId = "b", CleanStart = true })).ReasonCode);
        using var again = await host.ConnectAsync("a");
        await first.ExpectEndAsync(ReasonCode.SessionTakenOver);
        await again.ExpectNothingAsync();
        Assert.Equal(1, host.Broker.Status().ClientsConnected);
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task KeepAlive_NothingForOneAndAHalfTimes_Disconnects(ProtocolVersion version)
    {
        var time = new FakeTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        using var client = await host.OpenAsync(version);
        await client.HandshakeAsync(new ConnectPacket { ClientId = "a", Version = version, CleanStart = true, KeepAlive = 10 });
        await client.ExpectNothingAsync();
        time.Advance(TimeSpan.FromSeconds(14));
        await client.ExpectNothingAsync();
        time.Advance(TimeSpan.FromSeconds(14));
        await client.ExpectNothingAsync();
        time.Advance(TimeSpan.FromSeconds(15.1));
        await client.ExpectEndAsync(ReasonCode.KeepAliveTimeout);
    }

    [Fact]
    public async Task KeepAlive_LongerThanTheBrokerWaits_IsCut()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.OpenAsync();
        Assert.Equal((ushort)3600, (await client.HandshakeAsync(new ConnectPacket { ClientId = "a", KeepAlive = 65_535 })).ServerKeepAlive);
    }

    [Fact]
    public async Task Stop_ConnectedClient_IsToldThatTheServerShutsDown()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("a");
        await client.ExpectNothingAsync();
        var stopping = host.StopAsync();
        await client.ExpectEndAsync(ReasonCode.ServerShuttingDown);
        await stopping;
    }
}
