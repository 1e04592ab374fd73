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
        await using var values = ChildProcess.Start("dotnet", [GatewayProcess.Assembly, "values", "--follow", "--config", real.Configuration], new Dictionary<string, string> { ["RUNTIME_DIRECTORY"] = real.RuntimeFolder });
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
    public async Task Simulate_WhatCannotBe_SaysWhatToDo()
    {
        var configuration = _folder.Write("gw.yaml", Yaml);
        await using var first = Start(configuration);
        await first.WaitForAsync("Ctrl+C ends");
        var taken = await GatewayCommand.RunAsync("simulate", "--config", configuration);
        var word = await GatewayCommand.RunAsync("simulate", "--config", configuration, "--faults", "tired");
        var rate = await GatewayCommand.RunAsync("simulate", "--config", configuration, "--faults", "late", "--rate", "5");
        var empty = await GatewayCommand.RunAsync("simulate", "--config", _folder.Write("empty.yaml", "gateway: { id: a }\n"));

        Assert.Equal((1, 2, 2, 1), (taken.Code, word.Code, rate.Code, empty.Code));
        Assert.Contains("end what has the port, or change port", Assert.Single(taken.Errors), StringComparison.Ordinal);
        Assert.Contains("there are late, silent", Assert.Single(word.Errors), StringComparison.Ordinal);
        Assert.Contains("for example 5%", Assert.Single(rate.Errors), StringComparison.Ordinal);
        Assert.Contains("no devices that can be simulated", empty.Errors[^1], StringComparison.Ordinal);
    }

    private static ChildProcess Start(string configuration, params string[] arguments) =>
        ChildProcess.Start("dotnet", [GatewayProcess.Assembly, "simulate", "--config", configuration, .. arguments]);

    [GeneratedRegex("links:\n.*devices:", RegexOptions.Singleline)]
    private static partial Regex LinksOf();

    [GeneratedRegex("-p ([0-9]+)")]
    private static partial Regex Port();
}
