using Gateway.Core;
using Gateway.EndToEnd.Tests.Peers;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>The way back: commands from upstream and from the LAN, to pymodbus.</summary>
public class CommandTests
{
    private const int Setpoint = 10;
    private const int Pump = 3;

    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("upstream")]
    [InlineData("lan")]
    public async Task Command_IsCarriedOutOrRefused_AndAnswered(string from)
    {
        await using var boiler = new PymodbusServer(1);
        await boiler.StartAsync();
        await using var site = await Site.StartAsync(Field(boiler.Port));
        await using var lan = await site.JoinLanAsync("edge/boiler/response", "answers/#");
        var client = from == "lan" ? lan : site.Backend;
        var questions = new Questions(client);

        Assert.Equal(("ok", null), await questions.AskAsync("a1", """ "set":{"setpoint":55.5,"pump":true} """));
        await AssertHoldsAsync(boiler, 555, 1);
        Assert.Equal(("rejected", "out-of-range"), await questions.AskAsync("a2", """ "set":{"pump":false,"setpoint":80.1} """));
        Assert.Equal(("rejected", "unknown-point"), await questions.AskAsync("a3", """ "set":{"pump":false,"colour":1} """));
        Assert.Equal(("rejected", "not-writable"), await questions.AskAsync("a4", """ "set":{"pump":false,"temperature":21} """));
        Assert.Equal(("rejected", "malformed"), await questions.AskAsync("a5", """ "set":{"pump":false},"hurry":true """));
        Assert.Equal(("rejected", "malformed"), await questions.SayAsync("edge/boiler/cmd", """{"set":{"pump":false}"""));
        Assert.Equal(("rejected", "expired"), await questions.AskAsync("a6", $$""" "set":{"pump":false},"expires":{{Wall(-s_hour)}} """));
        Assert.Equal(("rejected", "repeated"), await questions.AskAsync("a1", """ "set":{"pump":false} """));
        Assert.Equal(("rejected", "retained"), await questions.AskAsync("a7", """ "set":{"pump":false} """, retain: true));
        await AssertHoldsAsync(boiler, 555, 1);

        Assert.Equal(("ok", null), await questions.AskAsync("a8", $$""" "set":{"setpoint":20},"expires":{{Wall(s_hour)}} """));
        Assert.Equal(("ok", null), await questions.SayAsync("edge/boiler/set/setpoint", "21.5"));
        await AssertHoldsAsync(boiler, 215, 1);
        Assert.Equal(("rejected", "out-of-range"), await questions.SayAsync("edge/boiler/set/setpoint", "19.9"));
        await client.PublishAsync("edge/boiler/cmd", """{"set":{"setpoint":22}}""", properties: new() { ["ResponseTopic"] = "answers/mine", ["CorrelationData"] = "q-1" });
        var answer = await client.WaitForAsync("answers/mine");
        Assert.Equal(("q-1", "q-1", "ok"), (answer.Correlation, answer.Json.GetProperty("id").GetString(), answer.Json.GetProperty("result").GetString()));
        await AssertHoldsAsync(boiler, 220, 1);

        await site.StopGatewayAsync();
    }

    [Fact]
    public async Task AbsoluteExpiry_OnAClockThatNobodyVouchesFor_IsAnsweredClock()
    {
        await using var boiler = new PymodbusServer(1);
        await boiler.StartAsync();
        await using var site = await Site.StartAsync(Field(boiler.Port), clock: "auto");
        var questions = new Questions(site.Backend);
        var isSynchronised = new ClockTrust(ClockMode.Auto, TimeProvider.System).IsTrusted;

        var answer = await questions.AskAsync("b1", $$""" "set":{"setpoint":55.5},"expires":{{Wall(s_hour)}} """);

        Assert.Equal(isSynchronised ? ("ok", null) : ("rejected", "clock"), answer);
        await AssertHoldsAsync(boiler, isSynchronised ? 555 : 0, 0);
        Assert.Equal(("ok", null), await questions.AskAsync("b2", """ "set":{"setpoint":33} """));
        await AssertHoldsAsync(boiler, 330, 0);
        await site.StopGatewayAsync();
    }

    [Fact]
    public async Task RepeatedId_OverAStopAndAKill_IsStillRepeated()
    {
        await using var boiler = new PymodbusServer(1);
        await boiler.StartAsync();
        await using var site = await Site.StartAsync(Field(boiler.Port));
        var questions = new Questions(site.Backend);

        Assert.Equal(("ok", null), await questions.AskAsync("c1", """ "set":{"setpoint":55.5} """));
        await site.StopGatewayAsync();
        await site.Gateway.StartAsync();
        Assert.Equal(("rejected", "repeated"), await questions.AskAsync("c1", """ "set":{"setpoint":44.4} """));
        Assert.Equal(("ok", null), await questions.AskAsync("c2", """ "set":{"pump":true} """));
        await site.KillGatewayAsync();
        await site.Gateway.StartAsync();

        Assert.Equal(("rejected", "repeated"), await questions.AskAsync("c1", """ "set":{"setpoint":44.4} """));
        var (result, reason) = await questions.AskAsync("c2", """ "set":{"pump":false} """);
        Assert.Equal(("rejected", "repeated"), (result, reason));
        await AssertHoldsAsync(boiler, 555, 1);
        await site.StopGatewayAsync();
    }

    [Fact]
    public async Task AcceptedAndUnanswered_AtAKill_IsAnsweredInterruptedAndNeverCarriedOut()
    {
        await using var device = new SilentDevice();
        await using var site = await Site.StartAsync(Field(device.Port));

        // A poll holds the line for a minute; the command waits behind it. Upstream hears PUBACK once it is accepted.
        await device.WaitForRequestAsync();
        await site.Backend.PublishAsync("edge/boiler/cmd", """{"id":"d1","set":{"setpoint":55.5}}""");
        await site.Upstream.WaitForAsync("Received PUBACK from gw-1");
        await site.KillGatewayAsync();
        await site.Gateway.StartAsync();

        var answer = await site.Backend.WaitForAsync(m => m.Topic == "edge/boiler/response");
        Assert.Equal(
            ("d1", "failed", "interrupted"),
            (answer.Json.GetProperty("id").GetString(), answer.Json.GetProperty("result").GetString(), answer.Json.GetProperty("reason").GetString()));
        await device.WaitForRequestAsync();
        Assert.Equal(("rejected", "repeated"), await new Questions(site.Backend).AskAsync("d1", """ "set":{"setpoint":55.5} """));
        Assert.DoesNotContain(device.Functions, f => f is 5 or 6 or 15 or 16);
        await site.StopGatewayAsync();
    }

    private static long Wall(TimeSpan fromNow) => (DateTimeOffset.UtcNow + fromNow).ToUnixTimeMilliseconds();

    private static async Task AssertHoldsAsync(PymodbusServer boiler, int setpoint, int pump)
    {
        Assert.Equal([setpoint], await boiler.GetAsync(1, "hr", Setpoint));
        Assert.Equal([pump], await boiler.GetAsync(1, "co", Pump));
    }

    private static string Field(int port) => $$"""
        links: [{ id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{port}}, timeout: 60s }]
        devices:
          - id: boiler
            link: plc
            points:
              - { id: temperature, register: holding 0, type: int16, scale: 0.1 }
              - { id: setpoint, register: holding {{Setpoint}}, type: int16, scale: 0.1, write: { min: 20, max: 80 } }
              - { id: pump, register: coil {{Pump}}, write: {} }
        """;
}
