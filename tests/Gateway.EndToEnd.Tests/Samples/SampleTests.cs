using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Samples;

/// <summary>Every sample starts as it is and does what its comments promise, with devices and consumers beside it.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _lan = Ports.Free();
    private readonly int _other = Ports.Free();

    public static TheoryData<string> All => [.. Directory.EnumerateFiles(Sample.PathOf(""), "*.yaml").Select(f => Path.GetFileName(f)!)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public async Task Sample_StartsAsItIs_WithNothingAroundIt(string name)
    {
        await using var gateway = Gateway(name, Ports.Free(), Ports.Free());
        // A sensor's key is what only its owner has.
        _folder.Write("cellar.key", "231d39c1d7cc1ab1aee224cd096db932\n");

        await gateway.StartAsync();

        var check = await gateway.AskAsync("check");
        Assert.Equal((0, ""), (check.Code, string.Join('\n', check.Errors)));
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task HomeAssistant_ShowsAndSets()
    {
        await using var device = new PymodbusServer(1);
        await device.StartAsync();
        await device.SetAsync(1, "hr", 0, 351, 1200, 400);
        await using var gateway = Gateway("home-assistant.yaml", device.Port, 0);
        await gateway.StartAsync();
        await using var home = await ConsumerAsync("home-assistant", "consumers/home-assistant-mqtt.yaml");

        await home.WaitForAsync(Says("""{"entity": "heat-pump-supply-temperature", "state": "35.1", "known": [null, null], "unit": "°C"}"""));
        await home.WaitForAsync(Says("""{"entity": "heat-pump-power", "state": "1200", """));
        await home.WaitForAsync(Says("""{"entity": "heat-pump-boost", "state": "False", "known": ["True", "False"], """));
        await home.WaitForAsync(Says("""{"entity": "heat-pump-setpoint", "available": true}"""));
        await home.WriteLineAsync("""{"entity": "heat-pump-setpoint", "value": "41.5"}""");
        await home.WriteLineAsync("""{"entity": "heat-pump-boost", "value": "payload_on"}""");
        await home.WaitForAsync(Says("""{"entity": "heat-pump-setpoint", "state": "41.5", """));
        await home.WaitForAsync(Says("""{"entity": "heat-pump-boost", "state": "True", """));
        Assert.Equal(415, (await device.GetAsync(1, "hr", 2))[0]);

        await device.KillAsync();
        await home.WaitForAsync(Says("""{"entity": "heat-pump-power", "available": false}"""));
    }

    [Fact]
    public async Task Telegraf_MakesAMeasurementOfAReading_AlsoOfABadOne()
    {
        await using var device = new PymodbusServer(1);
        await device.StartAsync();
        await device.SetAsync(1, "hr", 0, 215, 300);
        await using var gateway = Gateway("minimal.yaml", device.Port, Ports.Free());
        await gateway.StartAsync();
        await using var telegraf = await ConsumerAsync("telegraf", "consumers/telegraf.conf");

        using var good = JsonDocument.Parse(await telegraf.WaitForAsync("\"temperature\""));
        Assert.Equal("reading", good.RootElement.GetProperty("measurement").GetString());
        Assert.Equal("""{"device": "boiler", "point": "temperature", "quality": "good", "unit": "°C"}""", good.RootElement.GetProperty("tags").GetRawText());
        Assert.Equal(21.5, good.RootElement.GetProperty("fields").GetProperty("value").GetDouble());
        Assert.True(Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - good.RootElement.GetProperty("time").GetInt64()) < 60_000);

        await device.KillAsync();
        using var bad = JsonDocument.Parse(await telegraf.WaitForAsync("\"quality\": \"bad\""));
        Assert.False(bad.RootElement.GetProperty("fields").TryGetProperty("value", out _));
        Assert.NotEqual("", bad.RootElement.GetProperty("fields").GetProperty("error").GetString());
    }

    [Fact]
    public async Task TwoGateways_ReadingsGoUpThroughBoth_CommandsComeDown()
    {
        await using var device = new PymodbusServer(1);
        await device.StartAsync();
        await device.SetAsync(1, "hr", 0, 345, 1500);
        await using var cloud = new Mosquitto(_folder);
        await cloud.StartAsync();
        await using var backend = await Collector.StartAsync(cloud.Port, "backend", ["#"]);
        await using var b = Gateway("two-gateways-b.yaml", device.Port, cloud.Port);
        await using var a = Gateway("two-gateways-a.yaml", device.Port, cloud.Port);
        await b.StartAsync();
        await a.StartAsync();

        await backend.WaitForAsync("plant/b/meter/telemetry/energy");
        var reading = await backend.WaitForAsync("plant/a/pump/telemetry/pressure");
        Assert.Contains("\"v\":3.45,", reading.Payload, StringComparison.Ordinal);
        await backend.WaitForAsync(m => m.Topic == "plant/a/gateways/gw-a/status" && m.Payload == "online");
        await backend.PublishAsync("plant/a/pump/cmd", """{"id":"c-1","set":{"speed":1800}}""");
        var answer = await backend.WaitForAsync("plant/a/pump/response");

        Assert.Contains("\"result\":\"ok\"", answer.Payload, StringComparison.Ordinal);
        Assert.Equal(1800, (await device.GetAsync(1, "hr", 1))[0]);
    }

    private static Func<string, bool> Says(string beginning) => line => line.StartsWith(beginning, StringComparison.Ordinal);

    private GatewayProcess Gateway(string name, int device, int cloud) => new(
        _folder,
        Sample.WithPorts(name, new Dictionary<int, int> { [1883] = _lan, [1893] = _other, [1884] = cloud, [5020] = device, [5021] = device }),
        Path.GetFileNameWithoutExtension(name));

    private async Task<ChildProcess> ConsumerAsync(string kind, string file)
    {
        var consumer = ChildProcess.Start("/usr/bin/python3", ["-u", Path.Combine(AppContext.BaseDirectory, "Samples", "consumer.py"), $"{_lan}", kind, Sample.PathOf(file)]);
        await consumer.WaitForAsync("subscribed");
        return consumer;
    }
}
