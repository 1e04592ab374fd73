using Gateway.EndToEnd.Tests.Peers;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>A device dies and comes back, beside one that lives.</summary>
[Collection(AloneCollection.Name)]
public class DeviceAwayTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_atLeast = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task DeviceAway_IsToldOnceAndThenAtLeastSoOften_OthersKeepTheirRate()
    {
        await using var boiler = new PymodbusServer(1);
        await using var meter = new PymodbusServer(1);
        await Task.WhenAll(boiler.StartAsync(), meter.StartAsync());
        await boiler.SetAsync(1, "hr", 0, 215);
        await using var site = await Site.StartAsync($$"""
            links:
              - { id: one, type: modbus-tcp, host: 127.0.0.1, port: {{boiler.Port}}, probe-every: 1s }
              - { id: two, type: modbus-tcp, host: 127.0.0.1, port: {{meter.Port}} }
            devices:
              - id: boiler
                link: one
                points: [{ id: temperature, register: holding 0, type: int16, scale: 0.1, every: 100ms, report: { change: 0.5, at-least: {{s_atLeast.TotalSeconds}}s } }]
              - id: meter
                link: two
                points: [{ id: voltage, register: input 0, every: 50ms }]
            """);
        await BoilerAsync(site, "good", after: 0);
        await WellAsync(site, 1);

        var died = Now();
        await boiler.KillAsync();
        await site.Backend.WaitForAsync(m => m is { Topic: "edge/boiler/status", Payload: "offline" });
        var health = (await site.Backend.WaitForAsync(m => m.Topic == "edge/boiler/health" && m.Json.GetProperty("status").GetString() == "offline")).Json;
        Assert.NotEmpty(health.GetProperty("reason").GetString()!);
        Assert.NotEmpty(health.GetProperty("remedy").GetString()!);
        var (code, report) = await site.Gateway.StatusAsync();
        var devices = report.GetProperty("devices").EnumerateArray().ToDictionary(d => d.GetProperty("id").GetString()!, d => d.GetProperty("status").GetString());
        Assert.Equal((1, "degraded", "offline", "online"), (code, report.GetProperty("state").GetString(), devices["boiler"], devices["meter"]));
        await site.Backend.WaitForAsync(m => IsHealth(m) && m.Json.GetProperty("state").GetString() == "degraded");
        var third = await ThirdBadAsync(site);

        await boiler.StartAsync();
        await boiler.SetAsync(1, "hr", 0, 300);
        Assert.Equal("30", (await BoilerAsync(site, "good", after: third.At)).Value);
        var wasOffline = false;
        await site.Backend.WaitForAsync(m =>
        {
            wasOffline |= m is { Topic: "edge/boiler/status", Payload: "offline" };
            return wasOffline && m is { Topic: "edge/boiler/status", Payload: "online" };
        });
        await WellAsync(site, 2);

        var bad = FieldReading.All(site.Backend).Where(r => r is { Topic: "edge/boiler/telemetry/temperature", Quality: "bad" }).ToList();
        Assert.All(bad, r => Assert.Equal("null", r.Value));
        Assert.All(bad.Zip(bad.Skip(1)), p => Assert.True(p.Second.At - p.First.At >= s_atLeast.TotalMilliseconds - 100, $"bad again after {p.Second.At - p.First.At} ms"));
        Assert.Single(site.Backend.Messages, m => m is { Topic: "edge/boiler/status", Payload: "offline" });
        AssertRate(FieldReading.All(site.Backend), died, third.At);
        await site.StopGatewayAsync();
    }

    private static bool IsHealth(Received message) => message.Topic == "edge/gateways/gw-1/health";

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private static async Task<FieldReading> BoilerAsync(Site site, string quality, long after) => FieldReading.Of(await site.Backend.WaitForAsync(m =>
        m.Topic == "edge/boiler/telemetry/temperature" && FieldReading.Of(m) is var r && r.Quality == quality && r.At > after));

    /// <summary>By the third one, at-least has passed twice.</summary>
    private static async Task<FieldReading> ThirdBadAsync(Site site)
    {
        var reading = await BoilerAsync(site, "bad", 0);
        for (var i = 0; i < 2; i++)
        {
            reading = await BoilerAsync(site, "bad", reading.At);
        }

        return reading;
    }

    /// <summary>The gateway has told for the nth time that all is well, upstream, and says so in <c>status</c>. It tells on changes only.</summary>
    private static async Task WellAsync(Site site, int nth)
    {
        await site.Backend.WaitForAsync(m => IsHealth(m) && m.Json.GetProperty("state").GetString() == "ok" && --nth == 0);
        var (code, report) = await site.Gateway.StatusAsync();
        Assert.Equal((0, "ok"), (code, report.GetProperty("state").GetString()));
    }

    /// <summary>The other device was read as often as asked while this one was away: judged by its own clock, with room for a busy machine.</summary>
    private void AssertRate(IReadOnlyList<FieldReading> readings, long from, long to)
    {
        var meter = readings.Where(r => r.Topic == "edge/meter/telemetry/voltage").ToList();
        var during = meter.Count(r => r.At >= from && r.At <= to);
        var expected = (to - from) / 50.0;
        output.WriteLine($"the other device: {during} of {expected:0} readings while the first was away");
        Assert.All(meter, r => Assert.Equal("good", r.Quality));
        Assert.InRange(during, expected * 0.8, expected * 1.2);
    }
}
