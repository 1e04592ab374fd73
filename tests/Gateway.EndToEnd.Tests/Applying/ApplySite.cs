using System.Text.Json;
using Gateway.EndToEnd.Tests.MainJob;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Applying;

/// <summary>A site with two devices on two links, and a file beside its configuration that is to be applied.</summary>
internal sealed class ApplySite : IAsyncDisposable
{
    private readonly PymodbusServer _boiler;
    private readonly PymodbusServer _meter;
    private readonly TempFolder _folder = new();

    private ApplySite(PymodbusServer boiler, PymodbusServer meter) => (_boiler, _meter) = (boiler, meter);

    public required Site Site { get; init; }

    public GatewayProcess Gateway => Site.Gateway;

    public Collector Backend => Site.Backend;

    public string Target => Site.Gateway.Configuration;

    public string Written => File.ReadAllText(Target);

    /// <summary>Running, and all well.</summary>
    public static async Task<ApplySite> StartAsync()
    {
        PymodbusServer boiler = new(1), meter = new(1);
        await Task.WhenAll(boiler.StartAsync(), meter.StartAsync());
        await boiler.SetAsync(1, "hr", 0, 215, 400);
        var field = $$"""
            links:
              - { id: one, type: modbus-tcp, host: 127.0.0.1, port: {{boiler.Port}}, probe-every: 1s }
              - { id: two, type: modbus-tcp, host: 127.0.0.1, port: {{meter.Port}} }
            devices:
              - id: boiler
                link: one
                points:
                  - { id: temperature, register: holding 0, every: 200ms }
                  - { id: setpoint, register: holding 1, every: 1s, write: { min: 0, max: 1000 } }
              - { id: meter, link: two, points: [{ id: voltage, register: input 0, every: 50ms }] }
            """;
        var site = await Site.PrepareAsync(field);
        var apply = new ApplySite(boiler, meter) { Site = site };
        await site.Gateway.StartAsync();
        await site.Backend.WaitForAsync(m => m is { Topic: "edge/boiler/status", Payload: "online" });
        await site.Backend.WaitForAsync(m => m is { Topic: "edge/meter/status", Payload: "online" });
        await site.Backend.WaitForAsync(Site.TelemetryLedger);
        return apply;
    }

    /// <summary>Writes the configuration with some text in it replaced.</summary>
    /// <returns>The file's path.</returns>
    public string Write(string old, string now)
    {
        var text = Written;
        Assert.Contains(old, text, StringComparison.Ordinal);
        return _folder.Write("new.yaml", text.Replace(old, now, StringComparison.Ordinal));
    }

    public Task<GatewayCommand> ApplyAsync(string file, string watch = "2s", params string[] more) => Gateway.AskAsync(["apply", file, "--yes", "--watch", watch, .. more]);

    /// <summary>An apply that goes on while the test does something else; started, and taken over.</summary>
    public async Task<ChildProcess> BeginAsync(string file)
    {
        var process = ChildProcess.Start(
            GatewayProcess.Program,
            ["apply", file, "--yes", "--watch", "10m", "--config", Target],
            new Dictionary<string, string> { ["RUNTIME_DIRECTORY"] = Gateway.RuntimeFolder });
        await process.WaitForAsync("taken over");
        return process;
    }

    public async Task<JsonElement> DeviceAsync(string id) => (await Gateway.StatusAsync()).Report.GetProperty("devices").EnumerateArray().Single(d => d.GetProperty("id").GetString() == id);

    /// <summary>What <c>status</c> says of the configuration; also while its file is broken, which is told beside it.</summary>
    public async Task<JsonElement> ConfigurationAsync()
    {
        var status = await Gateway.AskAsync("status", "--json");
        using var report = JsonDocument.Parse(string.Join('\n', status.Output));
        return report.RootElement.GetProperty("configuration").Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await _boiler.DisposeAsync();
        await _meter.DisposeAsync();
        _folder.Dispose();
    }
}
