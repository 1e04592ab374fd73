using System.Text.RegularExpressions;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Field;

/// <summary><c>simulate</c>: a configuration is tried before anything is wired.</summary>
public sealed partial class SimulateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    private string Yaml => $$"""
        gateway: { id: gw-1, data: data }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{Ports.Free()}} }] }
        links:
          - { id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{_port}}, timeout: 2s }
          - { id: far, type: modbus-rtu-over-tcp, host: 192.0.2.20, timeout: 2s }
          - { id: bus, type: modbus-rtu, serial-port: /dev/serial/by-id/usb-none, baud: 9600, parity: none, timeout: 2s }
        devices:
          - id: boiler
            link: plc
            points:
              - { id: temperature, register: holding 0, type: float32, order: CDAB, unit: "°C", every: 200ms }
              - { id: setpoint, register: holding 10, type: int16, scale: 0.1, every: 200ms, write: { min: 20, max: 80 } }
          - { id: pump, link: far, unit-id: 5, points: [{ id: speed, register: input 0, type: uint16, every: 200ms }] }
          - { id: meter, link: bus, unit-id: 7, points: [{ id: energy, register: input 0, type: uint32, every: 200ms }] }

        """;

    [Fact]
    public async Task Simulate_TheUsersOwnConfiguration_RunsOnIt()
    {
        await using var gateway = new GatewayProcess(_folder, Yaml);
        await using var simulation = Start(gateway.Configuration);
        await simulation.WaitForAsync("3 devices simulated; Ctrl+C ends");
        await simulation.WaitForAsync(l => Regex.IsMatch(l, $"^plc +modbus-tcp +127.0.0.1:{_port} +as configured$"));
        var moved = simulation.Lines.Where(l => l.StartsWith("  - { id: ", StringComparison.Ordinal)).Select(l => l.Trim()).ToList();
        Assert.Equal(2, moved.Count);

        // What it says is pasted, and the gateway reads everything.
        var links = $"{string.Join("\n", Yaml.Split('\n').Where(l => l.Contains("id: plc,", StringComparison.Ordinal)))}\n{string.Join("\n", moved.Select(l => $"  {l}"))}\n";
        await using var real = new GatewayProcess(_folder, LinksOf().Replace(Yaml, $"links:\n{links}devices:"), "pasted");
        await real.StartAsync();
        await using var values = ChildProcess.Start(GatewayProcess.Program, ["values", "--follow", "--config", real.Configuration], new Dictionary<string, string> { ["RUNTIME_DIRECTORY"] = real.RuntimeFolder });
        foreach (var point in new[] { "boiler/temperature", "boiler/setpoint", "pump/speed", "meter/energy" })
        {
            await values.WaitForAsync(l => l.Contains(point, StringComparison.Ordinal) && l.EndsWith("good", StringComparison.Ordinal));
        }

        var written = await real.AskAsync("write", "boiler", "setpoint", "42.5", "--yes");
        Assert.Equal(0, written.Code);
        Assert.Equal(0, await real.StopAsync());
        Assert.Equal(0, await simulation.TerminateAsync());
    }

    [Fact]
    public async Task Simulate_WithAGatewayAndFaults_ShowsGoodAndBad()
    {
        var configuration = _folder.Write("gw.yaml", Yaml);
        await using var simulation = Start(configuration, "--run", "--faults", "exception", "--rate", "30%");
        var port = int.Parse(Port().Match(await simulation.WaitForAsync("a gateway runs on them")).Groups[1].Value);
        await using var client = await Collector.StartAsync(port, "client", ["edge/+/telemetry/#"]);
        await client.WaitForAsync(m => m.Topic == "edge/meter/telemetry/energy" && m.Payload.Contains("\"q\":\"good\"", StringComparison.Ordinal));
        await client.WaitForAsync(m => m.Payload.Contains("device failure", StringComparison.Ordinal));
        Assert.Equal(0, await simulation.TerminateAsync());
    }

    [Fact]
    public async Task Simulate_WithAFaultPlan_OnlyThatDeviceFails()
    {
        var configuration = _folder.Write("gw.yaml", Yaml);
        var plan = _folder.Write("plan.yaml", "faults: [{ device: pump, kinds: exception, exception: 8, every-nth: 2 }]\n");
        await using var simulation = Start(configuration, "--run", "--faults", plan);
        var port = int.Parse(Port().Match(await simulation.WaitForAsync("a gateway runs on them")).Groups[1].Value);
        await using var client = await Collector.StartAsync(port, "client", ["edge/+/telemetry/#"]);
        await client.WaitForAsync(m => m.Topic == "edge/pump/telemetry/speed" && m.Payload.Contains("\"q\":\"good\"", StringComparison.Ordinal));
        await client.WaitForAsync(m => m.Topic == "edge/pump/telemetry/speed" && m.Payload.Contains("memory parity error", StringComparison.Ordinal));
        await client.WaitForAsync(m => m.Topic == "edge/meter/telemetry/energy" && m.Payload.Contains("\"q\":\"good\"", StringComparison.Ordinal));
        Assert.Equal(0, await simulation.TerminateAsync());
        Assert.DoesNotContain(client.Messages, m => m.Topic == "edge/meter/telemetry/energy" && m.Payload.Contains("\"q\":\"bad\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Simulate_ALinkInsideTls_IsReadWithTheCertificatesThatItNames()
    {
        var configuration = _folder.Write("tls.yaml", $$"""
            gateway: { id: gw-1, data: data }
            links: [{ id: secure, type: modbus-tls, host: 127.0.0.1, port: {{Ports.Free()}}, tls: {}, timeout: 5s }]
            devices: [{ id: feeder, link: secure, unit-id: 1, points: [{ id: voltage, register: holding 3, type: uint16, write: {} }] }]

            """);
        await using var simulation = Start(configuration);
        await simulation.WaitForAsync(l => Regex.IsMatch(l, "^secure +modbus-tls .* as configured, with other certificates$"));
        var line = (await simulation.WaitForAsync("  - { id: secure")).Trim();
        var match = TlsLine().Match(line);
        Assert.True(match.Success, line);
        var (port, ca, certificate, key) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value);
        string[] to = ["--host", $"127.0.0.1:{port}", "--transport", "tls", "--timeout", "5s", "--config", "/nowhere/gateway.yaml"];
        var both = await GatewayCommand.RunAsync(["write", "holding", "3", "4660", "--yes", "--ca", ca, "--certificate", certificate, "--key", key, .. to]);
        var alone = await GatewayCommand.RunAsync(["read", "holding", "3", "--ca", ca, .. to]);
        var strangers = await GatewayCommand.RunAsync(["read", "holding", "3", .. to]);
        var nothing = await GatewayCommand.RunAsync(["read", "holding", "3", "--ca", _folder.Of("none.crt"), .. to]);

        Assert.Equal((0, 1, 1, 1), (both.Code, alone.Code, strangers.Code, nothing.Code));
        Assert.EndsWith("is 4660 (1234)", both.Output[^1], StringComparison.Ordinal);
        Assert.Contains("signed by \"simulated secure\", which this system does not know", strangers.Errors[^1], StringComparison.Ordinal);
        Assert.Contains("none.crt", nothing.Errors[^1], StringComparison.Ordinal);
        Assert.Equal(0, await simulation.TerminateAsync());
        Assert.False(File.Exists(ca));
    }

    [Fact]
    public async Task Simulate_WhatCannotBe_SaysWhatToDo()
    {
        var configuration = _folder.Write("gw.yaml", Yaml);
        await using var first = Start(configuration);
        await first.WaitForAsync("Ctrl+C ends");
        var taken = await GatewayCommand.RunAsync("simulate", "--config", configuration);
        var word = await GatewayCommand.RunAsync("simulate", "--config", configuration, "--faults", "tired");
        var rate = await GatewayCommand.RunAsync("simulate", "--config", configuration, "--faults", "late", "--rate", "5");
        var plan = await GatewayCommand.RunAsync("simulate", "--config", configuration, "--faults", _folder.Write("plan.yaml", "faults: [{ link: plv, kinds: silent }]\n"));
        var empty = await GatewayCommand.RunAsync("simulate", "--config", _folder.Write("empty.yaml", "gateway: { id: a }\n"));

        Assert.Equal((1, 2, 2, 78, 1), (taken.Code, word.Code, rate.Code, plan.Code, empty.Code));
        Assert.EndsWith("plan.yaml:1:18: there is no Modbus link \"plv\" with devices in the configuration; write plc", Assert.Single(plan.Errors), StringComparison.Ordinal);
        Assert.Contains("end what has the port, or change port", Assert.Single(taken.Errors), StringComparison.Ordinal);
        Assert.Contains("there are late, silent", Assert.Single(word.Errors), StringComparison.Ordinal);
        Assert.Contains("for example 5%", Assert.Single(rate.Errors), StringComparison.Ordinal);
        Assert.Contains("no devices that can be simulated", empty.Errors[^1], StringComparison.Ordinal);
    }

    private static ChildProcess Start(string configuration, params string[] arguments) =>
        ChildProcess.Start(GatewayProcess.Program, ["simulate", "--config", configuration, .. arguments]);

    [GeneratedRegex("links:\n.*devices:", RegexOptions.Singleline)]
    private static partial Regex LinksOf();

    [GeneratedRegex("type: modbus-tls, host: 127.0.0.1, port: ([0-9]+), tls: { ca: ([^,]+), certificate: ([^,]+), key: ([^ ]+) } }$")]
    private static partial Regex TlsLine();

    [GeneratedRegex("-p ([0-9]+)")]
    private static partial Regex Port();
}
