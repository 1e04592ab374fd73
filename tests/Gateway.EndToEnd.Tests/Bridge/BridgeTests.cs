using System.Text.Json;
using Gateway.Bridge;
using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Bridge;

/// <summary>Journal, broker and bridge against Debian's Mosquitto.</summary>
public sealed class BridgeTests
{
    private static readonly ForwardRule s_readings = new() { Filter = "edge/+/telemetry/#" };

    [Fact]
    public async Task Forward_UpstreamRestarted_EveryIdentityArrivesInOrder()
    {
        const int Count = 3_000;
        await using var upstream = await MosquittoUpstream.StartAsync();
        var backend = await Subscriber.StartAsync(upstream.Port, "edge/#", keep: true);
        await using var gateway = new BridgedGateway("gw-1", BridgedGateway.Options(upstream.Port) with { Forward = [s_readings] });
        await gateway.WhenConnectedAsync();
        for (var i = 1; i <= Count; i++)
        {
            gateway.Publish("edge/d/telemetry/p", $"{i}");
            if (i == Count / 3)
            {
                await backend.DisposeAsync();
                await upstream.StopAsync();
            }
            else if (i == Count * 2 / 3)
            {
                await upstream.StartAsync();
                backend = await Subscriber.StartAsync(upstream.Port, "edge/#", keep: true);
            }
        }

        await gateway.WhenAsync(static s => s.Lanes[^1].Ledger.Acknowledged == Count);
        await using var owned = backend;
        var seen = new HashSet<ulong>();
        var last = 0UL;
        while (last < Count)
        {
            var message = await backend.NextAsync("edge/d/");
            var seq = Seq(message);
            Assert.True(seq <= last + 1 || seen.Count == 0, $"{seq} came after {last}");
            Assert.Equal($"{seq}", Subscriber.Text(message));
            seen.Add(seq);
            last = Math.Max(last, seq);
        }

        var ledger = gateway.Bridge.Status.Lanes[^1].Ledger;
        Assert.Equal((Count + 1UL, Count + 1UL, (ulong)Count, 0UL), (ledger.Oldest, ledger.Next, ledger.Acknowledged, ledger.Dropped));
    }

    [Fact]
    public async Task Forward_DeniedTopic_IsAGapAndTheRestArrives()
    {
        await using var upstream = await MosquittoUpstream.StartAsync(static folder =>
        {
            File.WriteAllText(Path.Combine(folder, "acl"), "topic readwrite edge/#\ntopic deny edge/secret/#\n");
            return $"allow_anonymous true\nacl_file {Path.Combine(folder, "acl")}";
        });
        await using var backend = await Subscriber.StartAsync(upstream.Port, "edge/#");
        await using var gateway = new BridgedGateway("gw-1", BridgedGateway.Options(upstream.Port) with { Forward = [s_readings] });
        gateway.Publish("edge/d/telemetry/p", "1");
        gateway.Publish("edge/secret/telemetry/p", "2");
        gateway.Publish("edge/d/telemetry/p", "3");
        var alert = await gateway.AlertAsync();
        Assert.Contains("0x87", alert.Text, StringComparison.Ordinal);

        // The third may be under way before the second is answered: only that both arrive is promised.
        var readings = new HashSet<string>();
        JsonDocument? told = null;
        while (told is null || readings.Count < 2)
        {
            var message = await backend.NextAsync();
            if (message.Topic == "edge/gateways/gw-1/gaps")
            {
                told = JsonDocument.Parse(message.Payload);
            }
            else if (message.Topic.StartsWith("edge/d/", StringComparison.Ordinal))
            {
                readings.Add(Subscriber.Text(message));
            }
        }

        Assert.Equal(["1", "3"], readings);
        using var gap = told;
        Assert.Equal(("cloud.telemetry", 2, 2, "refused"), (
            gap.RootElement.GetProperty("stream").GetString(), gap.RootElement.GetProperty("from").GetInt32(),
            gap.RootElement.GetProperty("to").GetInt32(), gap.RootElement.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Presence_StartAndStop_IsRetainedUpstream()
    {
        await using var upstream = await MosquittoUpstream.StartAsync();
        var gateway = new BridgedGateway("gw-1", BridgedGateway.Options(upstream.Port));
        await gateway.WhenConnectedAsync();
        await using var backend = await Subscriber.StartAsync(upstream.Port, "edge/gateways/gw-1/status");
        Assert.Equal("online", Subscriber.Text(await backend.NextAsync()));
        await gateway.DisposeAsync();
        var offline = await backend.NextAsync();
        Assert.Equal(("offline", true), (Subscriber.Text(offline), offline.Retain));
    }

    [Fact]
    public async Task BothWays_SameTopic_OnePublishArrivesOnceEverywhere()
    {
        await using var upstream = await MosquittoUpstream.StartAsync();
        await using var backend = await Subscriber.StartAsync(upstream.Port, "shared/#");
        var both = new ForwardRule { Filter = "shared/#" };
        var back = new ImportRule { Filter = "shared/#" };
        await using var one = new BridgedGateway("gw-1", BridgedGateway.Options(upstream.Port) with { Forward = [both], Import = [back] }, "shared/#");
        await using var two = new BridgedGateway("gw-2", BridgedGateway.Options(upstream.Port) with { Forward = [both], Import = [back] }, "shared/#");
        await one.WhenConnectedAsync();
        await two.WhenConnectedAsync();

        // What goes round by way of both tells that subscriptions stand.
        await backend.PublishAsync("shared/start", "0");
        await one.LocalAsync();
        await two.LocalAsync();
        await backend.NextAsync();

        one.Publish("shared/x", "1", retain: true);
        Assert.Equal("1", Subscriber.Text(await one.LocalAsync()));
        var imported = await two.LocalAsync();
        Assert.Equal(("1", true, "gw-1"), (Subscriber.Text(imported), imported.Retain, imported.Properties.User("gw-path")));
        Assert.Equal("1", Subscriber.Text(await backend.NextAsync()));

        // A marker behind it: whatever had come back would have come before.
        await backend.PublishAsync("shared/end", "2");
        Assert.Equal("2", Subscriber.Text(await one.LocalAsync()));
        Assert.Equal("2", Subscriber.Text(await two.LocalAsync()));
        Assert.Equal("2", Subscriber.Text(await backend.NextAsync()));
        Assert.False(one.HasLocal || two.HasLocal);
    }

    [Fact]
    public async Task Import_PublishedWhileTheGatewayIsAway_ComesWithTheSession()
    {
        await using var upstream = await MosquittoUpstream.StartAsync();
        await using var backend = await Subscriber.StartAsync(upstream.Port, "none");
        var options = BridgedGateway.Options(upstream.Port) with { Import = [new ImportRule { Filter = "+/cmd", RemotePrefix = "plant/", LocalPrefix = "edge/" }] };
        await using (var first = new BridgedGateway("gw-1", options))
        {
            await first.WhenConnectedAsync();
            await backend.PublishAsync("plant/d/cmd", "before");
            Assert.Equal("edge/d/cmd", (await first.LocalAsync()).Topic);
        }

        await backend.PublishAsync("plant/d/cmd", "meanwhile");
        await using var second = new BridgedGateway("gw-1", options);
        var message = await second.LocalAsync();
        Assert.Equal(("edge/d/cmd", "meanwhile", "cloud"), (message.Topic, Subscriber.Text(message), message.Origin.Bridge));
    }

    [Fact]
    public async Task Connect_WrongPassword_IsDegradedUntilItIsCorrected()
    {
        await using var upstream = await MosquittoUpstream.StartAsync(folder =>
            $"allow_anonymous false\npassword_file {MosquittoUpstream.PasswordFileAsync(folder, "gw", "right").GetAwaiter().GetResult()}");
        var file = Path.Combine(upstream.Folder, "secret");
        await File.WriteAllTextAsync(file, "wrong\n");
        await using var gateway = new BridgedGateway("gw-1", BridgedGateway.Options(upstream.Port) with
        {
            Username = "gw", Password = new Configuration.Secret(Configuration.SecretKind.File, file),
        });
        await gateway.WhenAsync(static s => s.State == BridgeState.Degraded);
        Assert.Contains("username and password", gateway.Bridge.Status.Remedy, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "right\n");
        await gateway.WhenConnectedAsync();
    }

    private static ulong Seq(MqttMessage message) => ulong.Parse(message.Properties.User("gw")!.Split(';')[3], System.Globalization.CultureInfo.InvariantCulture);
}
