using System.Text;
using System.Text.Json;
using Gateway.Core;
using Gateway.Mqtt;
using Gateway.OutboxControl;
using Gateway.Storage;
using Gateway.Tests.Storage;
using Gateway.Verification;
using Gateway.Web;

namespace Gateway.Tests.OutboxControl;

public sealed class LocalOutboxTests
{
    private static readonly CancellationToken s_never = CancellationToken.None;

    private readonly List<string> _alerts = [];

    [Fact]
    public async Task Read_Line_IsWhatUpstreamWouldSee()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "21.7 °C\u001b", "edge/boiler/t", retain: true, properties: new MessageProperties
        {
            MessageExpiryInterval = 60,
            ContentType = "text/plain",
            ResponseTopic = "r",
            CorrelationData = new byte[] { 1, 2 },
            IsUtf8 = true,
            UserProperties = [new UserProperty("gw", "far;cloud.telemetry;1;1"), new UserProperty("k", "v"), new UserProperty("gw-path", "far")],
        });
        box.Time.Advance(TimeSpan.FromSeconds(10));

        var line = Assert.Single(await LinesAsync(Control(box), reports: false));

        var gw = $"gw-1;cloud.telemetry;{stream.Epoch:x16};1";
        Assert.Equal(
            $$$"""{"seq":1,"topic":"edge/boiler/t","payload":"21.7 °C\u001B","gw":"{{{gw}}}","retain":true,"qos":1,"ts":1735689600000,"age":10000,"size":9,"expires":50,"properties":{"text":true,"content-type":"text/plain","response-topic":"r","correlation64":"AQI=","user":[["k","v"],["gw-origin","far;cloud.telemetry;1;1"],["gw-path","far,gw-1"]]}}""",
            JsonSerializer.Serialize(line, OutboxJson.Lines.OutboxLine));
    }

    [Fact]
    public async Task Export_WithWhatABackendHas_AccountsForEveryNumber()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 20; i++)
        {
            await box.AppendAsync(stream, $"{i}");
        }

        // 1 to 3 went up, 4 and 5 were given up and upstream does not know yet, 6 is in flight.
        for (var i = 1UL; i <= 3; i++)
        {
            Assert.True(stream.TryRead(i, out _));
            stream.Acknowledge(i);
        }

        await box.Journal.Administration.DropAsync(stream.Id, 5, inFlightToo: false);
        Assert.True(stream.TryRead(6, out _));
        var audit = new IdentityAudit();
        for (var i = 1; i <= 3; i++)
        {
            audit.See(new MqttMessage { Topic = "t", Properties = new MessageProperties { UserProperties = [new UserProperty("gw", $"gw-1;{stream.Id};{stream.Epoch:x16};{i}")] } });
        }

        foreach (var line in await LinesAsync(Control(box), reports: true))
        {
            audit.See(new MqttMessage
            {
                Topic = line.Topic!,
                Payload = Encoding.UTF8.GetBytes(line.Payload!),
                Properties = line.Gw is { } gw ? new MessageProperties { UserProperties = [new UserProperty("gw", gw)] } : MessageProperties.None,
            });
        }

        Assert.Equal((18UL, 2UL, 0UL, 0UL), (audit.Received, audit.Dropped, audit.Missing, audit.Duplicates));
    }

    [Fact]
    public async Task Stream_Unknown_NamesTheNearestFirst()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        box.Stream(JournalHarness.Alarm);
        box.Stream();
        var control = Control(box);

        var misspelt = await Assert.ThrowsAsync<ControlException>(() => control.DropAsync("clod.telemetry", null, "me", s_never));
        var bridge = await Assert.ThrowsAsync<ControlException>(() => control.DropAsync("cloud", null, "me", s_never));
        var far = await Assert.ThrowsAsync<ControlException>(() => control.DropAsync("x", null, "me", s_never));

        Assert.Equal("there is no stream clod.telemetry; did you mean cloud.telemetry? There are cloud.telemetry, cloud.alarm", misspelt.Line);
        Assert.Contains("did you mean cloud.alarm?", bridge.Line, StringComparison.Ordinal);
        Assert.Equal("there is no stream x; there are cloud.alarm, cloud.telemetry", far.Line);
        Assert.Empty(_alerts);
    }

    [Fact]
    public async Task Stream_None_SaysWhenTheyAreMade()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();

        var none = await Assert.ThrowsAsync<ControlException>(() => Control(box).DropAsync("cloud.telemetry", null, "me", s_never));

        Assert.Contains("there is no stream cloud.telemetry, nor any other", none.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drop_LeftStream_RemovesIt_ConfiguredOneMovesItsCursor()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var old = new StreamId("old", Lane.Telemetry);
        await box.AppendAsync(box.Stream(), "1");
        await box.AppendAsync(box.Stream(old), "1");
        await box.ReopenAsync();
        var control = Control(box, "cloud");
        Assert.Equal(["idle", "left"], (await control.ListAsync(s_never)).Streams.Select(s => s.State));

        Assert.Equal(new DropReport("cloud.telemetry", false, 1, 0), await control.DropAsync("cloud.telemetry", null, "user 7", s_never));
        Assert.Equal(new DropReport("old.telemetry", true, 1, 0), await control.DropAsync("old.telemetry", null, "user 7", s_never));

        var left = Assert.Single((await control.ListAsync(s_never)).Streams);
        Assert.Equal(("cloud.telemetry", 0UL, 1UL, 1), (left.Stream, left.Waiting, left.DroppedBy["operator"], left.Untold));
        Assert.Equal(2, _alerts.Count);
        Assert.All(_alerts, a => Assert.StartsWith("operator-drop: ", a, StringComparison.Ordinal));
        Assert.All(_alerts, a => Assert.Contains("user 7", a, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drop_BeyondTheNewest_IsRefused()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        await box.AppendAsync(box.Stream(), "1");

        var refused = await Assert.ThrowsAsync<ControlException>(() => Control(box).DropAsync("cloud.telemetry", 2, "me", s_never));

        Assert.StartsWith("cloud.telemetry has no entry 2 yet: its newest is 1", refused.Line, StringComparison.Ordinal);
    }

    private LocalOutbox Control(JournalHarness box, params string[] bridges) => new(
        box.Journal.Administration,
        new OutboxSurroundings
        {
            GatewayId = "gw-1",
            Data = "/data",
            Topics = new TopicMapper(new TopicOptions(), "edge", "gw-1"),
            Bridges = bridges.ToHashSet(),
            Alert = (kind, text, _) => _alerts.Add($"{kind}: {text}"),
        },
        box.Time);

    private static async Task<List<OutboxLine>> LinesAsync(LocalOutbox control, bool reports) =>
        await control.ReadAsync(new OutboxQuery("cloud.telemetry", 0, ulong.MaxValue, reports), s_never).ToListAsync(s_never);
}
