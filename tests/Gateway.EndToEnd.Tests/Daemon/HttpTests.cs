using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Daemon;

/// <summary>What monitoring sees of the daemon.</summary>
public sealed class HttpTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    /// <summary>Read by Prometheus' own Python parser.</summary>
    [Fact]
    public async Task Metrics_AreReadByPrometheus()
    {
        var lan = Ports.Free();
        await using var gateway = new GatewayProcess(_folder, Configuration($$"""
            http: { port: {{_port}} }
            bridges: [{ id: cloud, servers: ["mqtt://127.0.0.1:{{Ports.Free()}}"], forward: [{ filter: "lan/#" }] }]
            """, lan));
        await gateway.StartAsync();
        await using (var client = await LanClient.JoinAsync(lan))
        {
            await client.PublishAsync("lan/1", new byte[100]);
        }

        var text = _folder.Write("metrics.txt", await _client.GetStringAsync($"http://127.0.0.1:{_port}/metrics"));

        var (code, output) = await ChildProcess.RunAsync("/usr/bin/python3", "-c", $$"""
            from prometheus_client.parser import text_string_to_metric_families
            for family in text_string_to_metric_families(open("{{text}}").read()):
                for sample in family.samples:
                    print(family.type, sample.name, sample.value)
            """);
        Assert.True(code == 0, output);
        var documented = (await GatewayCommand.RunAsync("--help", "metrics")).Output.Where(static l => l.StartsWith("  ", StringComparison.Ordinal))
            .Select(static l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).ToHashSet();
        var told = (await File.ReadAllLinesAsync(text)).Where(static l => l.StartsWith("# TYPE edge_gateway_", StringComparison.Ordinal)).Select(static l => l.Split(' ')[2]).ToList();
        Assert.NotEmpty(told);
        Assert.Empty(told.Except(documented));
        Assert.Contains("gauge edge_gateway_broker_clients 0.0", output, StringComparison.Ordinal);
        Assert.Contains("counter edge_gateway_storage_appends_total 1.0", output, StringComparison.Ordinal);
        Assert.Contains("histogram edge_gateway_storage_sync_duration_seconds_bucket ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_WhileAllIsWell_IsOk_AndTheControlSocketStaysPrivate()
    {
        await using var gateway = new GatewayProcess(_folder, Configuration($"http: {{ port: {_port} }}"));
        await gateway.StartAsync();
        foreach (var path in (string[])["healthz", "readyz"])
        {
            using var answer = await _client.GetAsync($"http://127.0.0.1:{_port}/{path}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal("ok", report.RootElement.GetProperty("status").GetString());
            Assert.All(report.RootElement.GetProperty("parts").EnumerateObject(), static p => Assert.Equal("ok", p.Value.GetString()));
        }

        using var status = await _client.GetAsync($"http://127.0.0.1:{_port}/v1/status");
        Assert.Equal(HttpStatusCode.NotFound, status.StatusCode);
        Assert.Equal(0, (await gateway.StatusAsync()).Code);
    }

    [Fact]
    public async Task Port_AskedForAndTaken_EndsTheStartWithItsHolder()
    {
        using var holder = new TcpListener(IPAddress.Loopback, _port);
        holder.Start();
        await using var gateway = new GatewayProcess(_folder, Configuration($"http: {{ port: {_port} }}"));
        gateway.Launch();
        Assert.Equal(1, await gateway.Process.WaitForExitAsync());
        Assert.Contains(gateway.Process.Lines, l => l.Contains($"http: 127.0.0.1:{_port}", StringComparison.Ordinal) && l.Contains($"(pid {Environment.ProcessId})", StringComparison.Ordinal));
    }

    private static string Configuration(string rest, int lan = 0) => $$"""
        gateway: { id: gw-1, data: data, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{lan}} }] }
        {{rest}}

        """;
}
