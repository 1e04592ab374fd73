using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Simulators;

namespace Gateway.EndToEnd.Tests.Modbus;

/// <summary>More is asked of a line than it can carry: the daemon says so wherever one looks, and what to do.</summary>
[Collection(AloneCollection.Name)]
public sealed class FullLineTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Line_TooSlow_IsToldInLogStatusDoctorAndMetrics()
    {
        await using var server = ModbusTcpServer.Start();
        server.Unit(1);

        // Three reads each 100 ms, and 100 ms between two of them: at least three times what fits.
        await using var gateway = new GatewayProcess(_folder, $$"""
            gateway: { data: {{_folder.Of("data")}} }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{Ports.Free()}} }] }
            http: { port: {{_port}} }
            links:
              - { id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{server.Endpoint.Port}}, timeout: 10s, delay-between-requests: 100ms }
            devices:
              - id: boiler
                link: plc
                points:
                  - { id: a, register: holding 0, every: 100ms }
                  - { id: b, register: holding 1000, every: 100ms }
                  - { id: c, register: input 0, every: 100ms }
            """);
        await gateway.StartAsync();
        await gateway.Process.WaitForAsync("% full: polls come late and some are left out; poll slower (every)");

        var link = (await gateway.StatusAsync()).Report.GetProperty("links")[0];
        Assert.True(link.GetProperty("connected").GetBoolean());
        Assert.Contains("% full: polls come late and some are left out", link.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("lower delay-between-requests", link.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Contains((await gateway.AskAsync("doctor")).Output, l => l.Contains("link plc", StringComparison.Ordinal) && l.Contains("% full", StringComparison.Ordinal));

        var metrics = (await _client.GetStringAsync($"http://127.0.0.1:{_port}/metrics")).Split('\n');
        Assert.True(Value(metrics, "edge_gateway_modbus_line_load") > 2);
        Assert.True(Value(metrics, "edge_gateway_modbus_polls_missed_total") > 10);
        Assert.True(Value(metrics, "edge_gateway_modbus_polls_total") > 10);
        Assert.True(Value(metrics, "edge_gateway_modbus_line_busy_seconds_total") > 5);
    }

    private static double Value(string[] metrics, string name) =>
        double.Parse(metrics.Single(l => l.StartsWith($"{name}{{link=\"plc\"}} ", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
