using System.Text;
using Gateway.Mqtt;
using Gateway.Tests.Mqtt.Client;

namespace Gateway.Tests.Bridge.Sending;

/// <summary>Forget after success: what each PUBACK of upstream does to an entry.</summary>
public sealed class CodeTableTests
{
    [Theory]
    [InlineData(ReasonCode.Success)]
    [InlineData(ReasonCode.NoMatchingSubscribers)]
    public async Task Answer_Success_ForgetsTheEntry(ReasonCode code)
    {
        await using var harness = new BridgeHarness();
        harness.Server.OnPublish = (_, p) => p.Message.Topic == "t/1" ? code : ReasonCode.Success;
        harness.Publish("t/1");
        harness.Start();
        await harness.Telemetry.WhenSettledAsync(1).Soon();
        Assert.Equal((2UL, 2UL, 1UL, 0UL), Figures(harness.Telemetry));
        await harness.StopAsync();
        Assert.Equal(code == ReasonCode.NoMatchingSubscribers ? 1 : 0, harness.Bridge.Status.Lanes[^1].Unheard);
    }

    [Theory]
    [InlineData(ReasonCode.UnspecifiedError)]
    [InlineData(ReasonCode.ImplementationSpecificError)]
    [InlineData(ReasonCode.PacketIdentifierInUse)]
    [InlineData(ReasonCode.QuotaExceeded)]
    public async Task Answer_NotNow_SameEntryAgainAndNothingNewerBefore(ReasonCode code)
    {
        await using var harness = new BridgeHarness();

        // A window of one: nothing newer can be under way already when the answer comes.
        harness.Server.OnConnect = static _ => new ConnAckPacket { ReceiveMaximum = 1 };
        var refusals = 3;
        harness.Server.OnPublish = (_, p) => p.Message.Topic == "t/1" && Interlocked.Decrement(ref refusals) >= 0 ? code : ReasonCode.Success;
        harness.Publish("t/1");
        harness.Publish("t/2");
        harness.Start();
        var peer = await harness.Server.NextAsync();
        var seen = new List<PublishPacket>();
        do
        {
            seen.Add(await BridgeHarness.NextAsync(peer));
        }
        while (seen[^1].Message.Topic != "t/2");

        await harness.Telemetry.WhenSettledAsync(2).Soon();
        Assert.Equal(["t/1", "t/1", "t/1", "t/1", "t/2"], seen.Select(static p => p.Message.Topic));
        Assert.All(seen[..4], p => Assert.Equal(seen[0].Message.Properties.User("gw"), p.Message.Properties.User("gw")));
        Assert.Equal((3UL, 3UL, 2UL, 0UL), Figures(harness.Telemetry));
    }

    [Theory]
    [InlineData(ReasonCode.NotAuthorized)]
    [InlineData(ReasonCode.TopicNameInvalid)]
    [InlineData(ReasonCode.PayloadFormatInvalid)]
    public async Task Answer_Never_GapAndAlertAndTheQueueGoesOn(ReasonCode code)
    {
        await using var harness = new BridgeHarness();
        harness.Server.OnPublish = (_, p) => p.Message.Topic == "t/denied" ? code : ReasonCode.Success;
        harness.Publish("t/1");
        harness.Publish("t/denied");
        harness.Publish("t/3");
        harness.Start();
        await harness.Telemetry.WhenSettledAsync(3).Soon();
        Assert.Equal((4UL, 4UL, 2UL, 1UL), Figures(harness.Telemetry));
        var alert = await harness.AlertAsync();
        Assert.Equal("refused", alert.Kind);
        Assert.Contains("t/denied", alert.Text, StringComparison.Ordinal);
        var gap = await GapAsync(await harness.Server.NextAsync());
        Assert.Contains("\"from\":2,\"to\":2,\"reason\":\"refused\"", gap, StringComparison.Ordinal);
    }

    public static TheoryData<string> Limits => ["size", "qos", "retain"];

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Send_BeyondUpstreamsLimits_IsRefusedWithAGap(string limit)
    {
        await using var harness = new BridgeHarness();
        harness.Server.OnConnect = _ => limit switch
        {
            "size" => new ConnAckPacket { MaximumPacketSize = 400 },
            "qos" => new ConnAckPacket { MaximumQos = QualityOfService.AtMostOnce },
            _ => new ConnAckPacket { RetainAvailable = false },
        };
        harness.Publish("t/1", limit == "size" ? new string('x', 400) : "x", retain: limit == "retain");
        harness.Start();
        await harness.Telemetry.WhenSettledAsync(1).Soon();
        Assert.Equal((2UL, 2UL, 0UL, 1UL), Figures(harness.Telemetry));
        Assert.Equal("refused", (await harness.AlertAsync()).Kind);
    }

    private static (ulong Oldest, ulong Next, ulong Acknowledged, ulong Dropped) Figures(MemoryStream stream)
    {
        var ledger = stream.Ledger;
        return (ledger.Oldest, ledger.Next, ledger.Acknowledged, ledger.Dropped);
    }

    private static async Task<string> GapAsync(MockConnection peer)
    {
        while (true)
        {
            var packet = await peer.PublishedAsync();
            if (packet.Message.Topic == "gaps")
            {
                return Encoding.UTF8.GetString(packet.Message.Payload.Span);
            }
        }
    }
}
