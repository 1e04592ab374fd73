using System.Text;
using Gateway.Mqtt;
using Gateway.Tests.Support;

namespace Gateway.Tests.Mqtt.Client;

public sealed class MqttClientTests : IAsyncLifetime
{
    private readonly MockServer _server = new();
    private readonly RecordingHandler _handler = new();
    private readonly CancellationTokenSource _stop = new();
    private MqttClient _client = null!;
    private MockConnection _peer = null!;
    private Task<MqttClose> _run = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_run is not null)
        {
            await _run.Soon();
        }

        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Publish_Qos1_TokenComesBackWithTheReason()
    {
        _server.OnPublish = (_, p) => p.Message.Topic == "denied" ? ReasonCode.NotAuthorized : ReasonCode.NoMatchingSubscribers;
        await StartAsync();
        Assert.Equal(SendStatus.Sent, Publish("a", 7));
        Assert.Equal(SendStatus.Sent, Publish("denied", 8));
        Assert.Equal((7L, ReasonCode.NoMatchingSubscribers), await _handler.PublishedAsync());
        Assert.Equal((8L, ReasonCode.NotAuthorized), await _handler.PublishedAsync());
        Assert.Equal(ReasonCode.NotAuthorized, await _client.PublishAsync(Message("denied"), false, default).Soon());
        Assert.Equal(0, _client.Inflight);
    }

    [Fact]
    public async Task Publish_ReceiveMaximum_IsTheWindow()
    {
        _server.OnConnect = static _ => new ConnAckPacket { ReceiveMaximum = 2 };
        _server.OnPublish = static (_, _) => null;
        await StartAsync();
        Assert.Equal([SendStatus.Sent, SendStatus.Sent, SendStatus.Full], new[] { Publish("a", 1), Publish("a", 2), Publish("a", 3) });
        Assert.Equal(SendStatus.Sent, _client.TryPublish(Message("a"), QualityOfService.AtMostOnce, false, null));
        var first = await _peer.PublishedAsync();
        _peer.Answer(first.PacketId);
        Assert.Equal((1L, ReasonCode.Success), await _handler.PublishedAsync());
        Assert.Equal(SendStatus.Sent, Publish("a", 3));
    }

    [Fact]
    public async Task PublishAsync_WindowFull_GoesOnceThereIsRoom()
    {
        _server.OnConnect = static _ => new ConnAckPacket { ReceiveMaximum = 1 };
        _server.OnPublish = static (_, p) => p.Message.Topic == "a" ? null : ReasonCode.Success;
        await StartAsync();
        Assert.Equal(SendStatus.Sent, Publish("a", 1));
        var second = _client.PublishAsync(Message("b"), false, default);
        Assert.False(second.IsCompleted);
        _peer.Answer((await _peer.PublishedAsync()).PacketId);
        Assert.Equal(ReasonCode.Success, await second.Soon());
    }

    [Fact]
    public async Task PublishAsync_WindowFullAndConnectionCut_Ends()
    {
        _server.OnConnect = static _ => new ConnAckPacket { ReceiveMaximum = 1 };
        _server.OnPublish = static (_, _) => null;
        await StartAsync();
        Assert.Equal(SendStatus.Sent, Publish("a", 1));
        var second = _client.PublishAsync(Message("b"), false, default);
        _peer.Close();
        Assert.Null(await second.Soon());
    }

    [Fact]
    public async Task Publish_Qos0CrowdsTheBuffer_Qos1StillGoes()
    {
        using var release = new ManualResetEventSlim();
        _server.OnPublish = (_, _) =>
        {
            release.Wait();
            return ReasonCode.Success;
        };
        try
        {
            await StartAsync(static o => o with { WriteLimit = 64 << 10 });
            Assert.Equal(SendStatus.Sent, Publish("stop", 1));
            await _peer.PublishedAsync();

            // The server reads no more: in the end the socket takes nothing either.
            var large = Message("b") with { Payload = new byte[16 << 10] };
            var full = 0;
            await Waiting.UntilAsync(() =>
            {
                while (_client.TryPublish(large, QualityOfService.AtMostOnce, false, null) == SendStatus.Sent)
                {
                    full = 0;
                }

                return ++full == 20;
            });
            Assert.Equal(SendStatus.Sent, Publish("a", 2));
        }
        finally
        {
            release.Set();
        }
    }

    [Fact]
    public async Task Publish_BeyondWhatTheServerAllows_IsSaidBeforehand()
    {
        _server.OnConnect = static _ => new ConnAckPacket { MaximumPacketSize = 64, MaximumQos = QualityOfService.AtMostOnce, RetainAvailable = false };
        await StartAsync();
        Assert.Equal(SendStatus.QosNotSupported, Publish("a", 1));
        Assert.Equal(SendStatus.RetainNotSupported, _client.TryPublish(Message("a"), QualityOfService.AtMostOnce, true, null));
        Assert.Equal(SendStatus.TooLarge, _client.TryPublish(Message("a") with { Payload = new byte[64] }, QualityOfService.AtMostOnce, false, null));
    }

    [Fact]
    public async Task Acknowledge_OutOfOrder_LeavesInOrder()
    {
        await StartAsync();
        for (ushort id = 11; id <= 13; id++)
        {
            _peer.Publish("t", $"{id}", id: id);
        }

        var tickets = new[] { await _handler.MessageAsync(), await _handler.MessageAsync(), await _handler.MessageAsync() };
        _client.Acknowledge(tickets[2].Ticket, ReasonCode.Success);
        _client.Acknowledge(tickets[1].Ticket, ReasonCode.QuotaExceeded);
        _client.Acknowledge(tickets[0].Ticket, ReasonCode.Success);
        Assert.Equal(new AckPacket(PacketType.PubAck, 11), await _peer.AckAsync());
        Assert.Equal(new AckPacket(PacketType.PubAck, 12, ReasonCode.QuotaExceeded), await _peer.AckAsync());
        Assert.Equal(new AckPacket(PacketType.PubAck, 13), await _peer.AckAsync());
    }

    [Fact]
    public async Task Incoming_BeyondOurReceiveMaximum_EndsTheConnection()
    {
        await StartAsync(static o => o with { ReceiveMaximum = 1 });
        _peer.Publish("t", "1", id: 1);
        _peer.Publish("t", "2", id: 2);
        Assert.Equal(ReasonCode.ReceiveMaximumExceeded, (await _peer.Ended)!.ReasonCode);
        Assert.Equal(MqttCloseKind.ProtocolError, (await _run.Soon()).Kind);
    }

    [Fact]
    public async Task Incoming_Qos2Repeated_IsDeliveredOnce()
    {
        await StartAsync();
        _peer.Publish("t", "1", QualityOfService.ExactlyOnce, 5);
        var message = await _handler.MessageAsync();
        _client.Acknowledge(message.Ticket, ReasonCode.Success);
        Assert.Equal(new AckPacket(PacketType.PubRec, 5), await _peer.AckAsync());
        _peer.Publish("t", "1", QualityOfService.ExactlyOnce, 5, dup: true);
        Assert.Equal(new AckPacket(PacketType.PubRec, 5), await _peer.AckAsync());
        _peer.Send(static o => new AckPacket(PacketType.PubRel, 5).Write(o, ProtocolVersion.V500));
        Assert.Equal(new AckPacket(PacketType.PubComp, 5), await _peer.AckAsync());
        _peer.Publish("t", "2", QualityOfService.ExactlyOnce, 5);
        Assert.Equal("2", Encoding.UTF8.GetString((await _handler.MessageAsync()).Message.Payload.Span));
    }

    [Fact]
    public async Task Run_SilentServer_IsNoticedWithinOneAndAHalfKeepAlives()
    {
        var time = new FakeTime();
        await StartAsync(static o => o with { KeepAlive = TimeSpan.FromSeconds(20) }, time);
        _server.IsSilent = true;
        var from = time.GetTimestamp();
        await time.WhenTimersAsync(1);
        while (!_run.IsCompleted && time.GetElapsedTime(from) <= TimeSpan.FromSeconds(30))
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        Assert.Equal(MqttCloseKind.Silent, (await _run.Soon()).Kind);
    }

    [Fact]
    public async Task Run_ServerDisconnects_ReasonIsTold()
    {
        await StartAsync();
        _peer.Send(static o => new DisconnectPacket(ReasonCode.SessionTakenOver, ReasonString: "another").Write(o, ProtocolVersion.V500));
        var close = await _run.Soon();
        Assert.Equal((MqttCloseKind.ServerDisconnect, ReasonCode.SessionTakenOver), (close.Kind, close.ReasonCode));
        Assert.Contains("another", close.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ConnectionCut_WaitersHearIt()
    {
        _server.OnPublish = static (_, _) => null;
        await StartAsync();
        var waiting = _client.PublishAsync(Message("a"), false, default);
        await _peer.PublishedAsync();
        _peer.Close();
        Assert.Equal(MqttCloseKind.Lost, (await _run.Soon()).Kind);
        Assert.Null(await waiting.Soon());
        Assert.Equal(SendStatus.Closed, Publish("a", 1));
        Assert.Null(await _client.SubscribeAsync([new Subscription("a", 0)], default).Soon());
    }

    [Fact]
    public async Task Disconnect_WhatWaits_IsWrittenBefore()
    {
        await StartAsync();
        for (var i = 0; i < 100; i++)
        {
            _client.TryPublish(Message($"a/{i}"), QualityOfService.AtMostOnce, false, null);
        }

        _client.Disconnect();
        Assert.Equal(ReasonCode.Success, (await _peer.Ended)!.ReasonCode);
        Assert.Equal(MqttCloseKind.Local, (await _run.Soon()).Kind);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal($"a/{i}", (await _peer.PublishedAsync()).Message.Topic);
        }
    }

    [Fact]
    public async Task Subscribe_ReasonCodes_ComeBackInOrder()
    {
        _server.OnSubscribe = static s => s.Filter == "no" ? ReasonCode.NotAuthorized : ReasonCode.GrantedQos1;
        await StartAsync();
        Assert.Equal([ReasonCode.GrantedQos1, ReasonCode.NotAuthorized], await _client.SubscribeAsync(
            [new Subscription("yes", QualityOfService.AtLeastOnce, NoLocal: true), new Subscription("no", 0)], default).Soon());
        Assert.True((await _peer.SubscribedAsync()).NoLocal);
    }

    private static MqttMessage Message(string topic) => new() { Topic = topic, Payload = "x"u8.ToArray() };

    private SendStatus Publish(string topic, long token) => _client.TryPublish(Message(topic), QualityOfService.AtLeastOnce, false, null, token);

    private async Task StartAsync(Func<MqttClientOptions, MqttClientOptions>? change = null, TimeProvider? time = null)
    {
        var options = new MqttClientOptions { Host = "127.0.0.1", Port = _server.Port, ClientId = "c" };
        var (client, failure) = await MqttClient.ConnectAsync(change?.Invoke(options) ?? options, time ?? TimeProvider.System, default).Soon();
        Assert.Null(failure);
        _client = client!;
        _peer = await _server.NextAsync();
        _run = _client.RunAsync(_handler, _stop.Token);
    }
}
