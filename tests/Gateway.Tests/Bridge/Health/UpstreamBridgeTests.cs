using System.Text;
using Gateway.Bridge;
using Gateway.Mqtt;
using Gateway.Tests.Mqtt.Client;

namespace Gateway.Tests.Bridge.Health;

public sealed class UpstreamBridgeTests
{
    [Fact]
    public async Task Connect_Presence_IsTheFirstPublishAndTheWill()
    {
        await using var harness = new BridgeHarness();
        harness.Publish("t/1");
        harness.Start();
        var peer = await harness.Server.NextAsync();
        Assert.Equal(("online", true, QualityOfService.AtLeastOnce), Presence((await peer.PublishedAsync()).Message));
        Assert.Equal(("offline", true, QualityOfService.AtLeastOnce), Presence(peer.Connect.Will!.Message));
        Assert.Equal((10u, "gw-1", 604_800u), (peer.Connect.Will.DelayInterval, peer.Connect.ClientId, peer.Connect.SessionExpiryInterval!.Value));
    }

    [Fact]
    public async Task Stop_Connected_SaysOfflineThenDisconnects()
    {
        await using var harness = new BridgeHarness();
        harness.Start();
        var peer = await harness.Server.NextAsync();
        await peer.PublishedAsync();
        await harness.StopAsync();
        Assert.Equal(ReasonCode.Success, (await peer.Ended)!.ReasonCode);
        MqttMessage last;
        do
        {
            last = (await peer.PublishedAsync()).Message;
        }
        while (!last.Topic.EndsWith("/status", StringComparison.Ordinal));

        Assert.Equal("offline", Presence(last).Payload);
        Assert.Equal(BridgeState.Stopped, harness.Bridge.Status.State);
    }

    [Fact]
    public async Task Stop_ReceiveMaximumOfOne_TellsPresenceAndEveryLedger()
    {
        await using var harness = new BridgeHarness();
        harness.Server.OnConnect = static _ => new ConnAckPacket { ReceiveMaximum = 1 };
        harness.Start();
        var peer = await harness.Server.NextAsync();
        for (var i = 0; i < 4; i++)
        {
            await peer.PublishedAsync();
        }

        await harness.StopAsync();
        Assert.Equal(ReasonCode.Success, (await peer.Ended)!.ReasonCode);
        Assert.Equal("offline", Presence((await peer.PublishedAsync()).Message).Payload);
        Assert.Equal(
            ["streams/cloud.alarm", "streams/cloud.command", "streams/cloud.telemetry"],
            new[] { await peer.PublishedAsync(), await peer.PublishedAsync(), await peer.PublishedAsync() }.Select(static p => p.Message.Topic).Order());
    }

    [Fact]
    public async Task Stop_PresenceFindsNoRoom_LeavesItToTheWill()
    {
        await using var harness = new BridgeHarness(tuning: new BridgeTuning { Farewell = TimeSpan.FromMilliseconds(50) });
        harness.Server.OnConnect = static _ => new ConnAckPacket { ReceiveMaximum = 1 };
        harness.Server.OnPublish = static (_, p) => p.Message.Topic == "t/1" ? null : ReasonCode.Success;
        harness.Publish("t/1");
        harness.Start();
        var peer = await harness.Server.NextAsync();
        Assert.Equal("t/1", (await BridgeHarness.NextAsync(peer)).Message.Topic);
        await harness.StopAsync();
        Assert.Equal(ReasonCode.DisconnectWithWill, (await peer.Ended)!.ReasonCode);
    }

    [Theory]
    [InlineData(ReasonCode.BadUserNameOrPassword, "password")]
    [InlineData(ReasonCode.NotAuthorized, "allow this user")]
    [InlineData(ReasonCode.UnsupportedProtocolVersion, "MQTT 5")]
    public async Task Connect_Rejected_IsDegradedWithARemedyAndTriesAgain(ReasonCode code, string remedy)
    {
        await using var harness = new BridgeHarness();
        var refusals = 3;
        var status = new TaskCompletionSource<BridgeStatus>();
        harness.Server.OnConnect = _ =>
        {
            if (Interlocked.Decrement(ref refusals) >= 0)
            {
                return new ConnAckPacket { ReasonCode = code };
            }

            status.TrySetResult(harness.Bridge.Status);
            return new ConnAckPacket();
        };
        harness.Start();
        var seen = await status.Task.Soon();
        Assert.Equal(BridgeState.Degraded, seen.State);
        Assert.Contains(remedy, seen.Remedy!, StringComparison.Ordinal);
        await harness.WhenConnectedAsync();
        Assert.Null(harness.Bridge.Status.Reason);
    }

    [Fact]
    public async Task Connect_FirstServerDown_TakesTheNext()
    {
        await using var harness = new BridgeHarness(static o => o with { Servers = [new UpstreamServer("no-such-host.invalid", 1883, false), .. o.Servers] });
        harness.Start();
        await harness.Server.NextAsync();
    }

    [Fact]
    public async Task Connect_WillRefused_AsksForLess()
    {
        await using var harness = new BridgeHarness();
        harness.Server.OnConnect = static c => c.Will!.Message switch
        {
            { Retain: true } => new ConnAckPacket { ReasonCode = ReasonCode.RetainNotSupported },
            { Qos: QualityOfService.AtLeastOnce } => new ConnAckPacket { ReasonCode = ReasonCode.QosNotSupported },
            _ => new ConnAckPacket { MaximumQos = QualityOfService.AtMostOnce, RetainAvailable = false },
        };
        harness.Start();
        var peer = await harness.Server.NextAsync();
        Assert.Equal(("online", false, QualityOfService.AtMostOnce), Presence((await peer.PublishedAsync()).Message));
    }

    [Fact]
    public async Task Select_GatewaysOwnTopic_GoesUpByItself()
    {
        await using var harness = new BridgeHarness();
        harness.Publish("edge/gateways/gw-1/health", "{}");
        harness.Publish("edge/other", "{}");
        Assert.Equal(2UL, harness.Telemetry.Ledger.Next);
    }

    [Fact]
    public async Task Select_PathIsFull_IsNotForwarded()
    {
        await using var harness = new BridgeHarness();
        harness.Publish("t/1", properties: new MessageProperties { UserProperties = [new("gw-path", "a,b,c,d,e,f,g,h")] });
        Assert.Equal(1UL, harness.Telemetry.Ledger.Next);
        harness.Publish("t/1", properties: new MessageProperties { UserProperties = [new("gw-path", "a,b,c,d,e,f,g")] });
        Assert.Equal(2UL, harness.Telemetry.Ledger.Next);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task Select_PathLongerThanGatewaysMakeOne_IsNotForwarded(int qos)
    {
        await using var harness = new BridgeHarness(o => o with { Forward = [new ForwardRule { Filter = "t/#", Qos = (QualityOfService)qos }] });
        harness.Start();
        await harness.WhenConnectedAsync();
        harness.Publish("t/1", properties: new MessageProperties { UserProperties = [new("gw-path", new string('x', ushort.MaxValue))] });
        harness.Publish("t/1", properties: new MessageProperties { UserProperties = [new("gw-path", "a,b,c,d"), new("gw-path", "e,f,g,h")] });
        Assert.Equal(1UL, harness.Telemetry.Ledger.Next);
    }

    [Theory]
    [InlineData(ReasonCode.UseAnotherServer)]
    [InlineData(ReasonCode.ServerMoved)]
    public async Task Disconnected_SentToAnotherServer_TriesTheNextAndNamesIt(ReasonCode reason)
    {
        await using var other = new MockServer();
        await using var harness = new BridgeHarness(o => o with { Servers = [.. o.Servers, new UpstreamServer("127.0.0.1", other.Port, false)] });
        var seen = new TaskCompletionSource<BridgeStatus>();
        other.OnConnect = _ =>
        {
            seen.TrySetResult(harness.Bridge.Status);
            return new ConnAckPacket();
        };
        harness.Start();
        var peer = await harness.Server.NextAsync();
        await harness.WhenConnectedAsync();
        peer.Send(o => new DisconnectPacket(reason, ServerReference: "b.example:1883").Write(o, ProtocolVersion.V500));
        var status = await seen.Task.Soon();
        Assert.Contains("b.example:1883", status.Reason!, StringComparison.Ordinal);
        Assert.Contains("servers", status.Remedy!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_SentToAnotherServer_NamesIt()
    {
        await using var harness = new BridgeHarness();
        harness.Server.OnConnect = static _ => new ConnAckPacket { ReasonCode = ReasonCode.ServerMoved, ServerReference = "b.example:1883" };
        harness.Start();
        await Waiting.UntilAsync(() => harness.Bridge.Status.State == BridgeState.Degraded);
        Assert.Contains("b.example:1883", harness.Bridge.Status.Reason!, StringComparison.Ordinal);
        Assert.Contains("servers", harness.Bridge.Status.Remedy!, StringComparison.Ordinal);
    }

    private static (string Payload, bool Retain, QualityOfService Qos) Presence(MqttMessage message)
    {
        Assert.Equal("edge/gateways/gw-1/status", message.Topic);
        return (Encoding.UTF8.GetString(message.Payload.Span), message.Retain, message.Qos);
    }
}
