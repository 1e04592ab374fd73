using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Daemon;

/// <summary>What <c>values</c> shows of a real daemon that reads pymodbus.</summary>
public sealed class ValuesTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly PymodbusServer _device = new(1);
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        await _device.StartAsync();
        await _device.SetAsync(1, "hr", 0, 215);
        _gateway = new GatewayProcess(_folder, $$"""
            gateway: { id: gw-1, data: data }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{Ports.Free()}} }] }
            links: [{ id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{_device.Port}}, timeout: 200ms }]
            devices:
              - id: boiler
                link: plc
                unit-id: 1
                points:
                  - { id: temperature, register: holding 0, type: int16, scale: 0.1, unit: "°C", every: 100ms }
                  - { id: nowhere, register: holding 60000, type: int16, every: 100ms }
              - id: meter
                link: plc
                unit-id: 9
                points: [{ id: energy, register: holding 0, type: uint16, every: 100ms }]

            """);
        await _gateway.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _device.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Table_HasValueUnitQualityAge_AndTheReasonWhyItIsBad()
    {
        await using (var follow = Follow("boiler", "--follow"))
        {
            await follow.WaitForAsync(l => l.Contains("boiler/temperature  21.5 °C  good", StringComparison.Ordinal));
            await follow.WaitForAsync(l => l.Contains("boiler/nowhere  -  bad: illegal data address", StringComparison.Ordinal));
            Assert.Equal(0, await follow.TerminateAsync());
            Assert.DoesNotContain(follow.Lines, l => l.Contains("meter", StringComparison.Ordinal) || l.Contains('\u001b'));
        }

        var all = await _gateway.AskAsync("values");
        var json = await _gateway.AskAsync("values", "boiler", "--json");

        Assert.Equal((0, 0), (all.Code, json.Code));
        Assert.Equal("DEVICE POINT VALUE UNIT QUALITY AGE", string.Join(' ', all.Output[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Matches("^boiler +temperature +21.5  °C    good ", all.Output[1]);
        Assert.Matches("^boiler +nowhere +-        bad: illegal data address", all.Output[2]);
        Assert.StartsWith("meter", all.Output[3], StringComparison.Ordinal);
        using var list = JsonDocument.Parse(string.Concat(json.Output));
        Assert.Equal(2, list.RootElement.GetArrayLength());
        Assert.Equal((21.5, "good"), (list.RootElement[0].GetProperty("value").GetDouble(), list.RootElement[0].GetProperty("quality").GetString()));
        Assert.Equal(JsonValueKind.Null, list.RootElement[1].GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task Follow_Json_IsADocumentALineAndSeesChanges()
    {
        await using var follow = Follow("--follow", "--json");
        await follow.WaitForAsync("\"value\":21.5");

        await _device.SetAsync(1, "hr", 0, 400);

        var line = await follow.WaitForAsync("\"value\":40,");
        using var document = JsonDocument.Parse(line);
        Assert.Equal("temperature", document.RootElement.GetProperty("point").GetString());
        Assert.Equal("°C", document.RootElement.GetProperty("unit").GetString());
        Assert.Equal(0, await _gateway.StopAsync());
        Assert.Equal(1, await follow.WaitForExitAsync());
        await follow.WaitForAsync("the answer broke off: the gateway stopped or was restarted");
    }

    [Fact]
    public async Task Follow_IntoAPipeThatIsClosed_Ends()
    {
        var (code, output) = await ChildProcess.RunAsync(
            "bash", "-o", "pipefail", "-c", $"RUNTIME_DIRECTORY={_gateway.RuntimeFolder} {GatewayProcess.Program} values --follow --config {_gateway.Configuration} | head -n 3");

        Assert.Equal((0, 3), (code, output.Split('\n').Length));
    }

    [Fact]
    public async Task Device_Unknown_OrNobodyRuns_SaysWhatToDo()
    {
        var unknown = await _gateway.AskAsync("values", "boilr");
        var following = await _gateway.AskAsync("values", "boilr", "--follow");
        await _gateway.StopAsync();
        var nobody = await _gateway.AskAsync("values");

        foreach (var command in new[] { unknown, following })
        {
            Assert.Equal(1, command.Code);
            Assert.Equal("edge-gateway: there is no device boilr; the nearest name is boiler", Assert.Single(command.Errors));
        }

        Assert.Equal(1, nobody.Code);
        Assert.Contains("no gateway runs on ", Assert.Single(nobody.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_ReaderStops_TheGatewayGoesOn()
    {
        await using var follow = Follow("--follow");
        await follow.WaitForAsync("boiler/temperature");
        await SignalAsync(follow, "STOP");

        await _device.SetAsync(1, "hr", 0, 300);
        await using (var other = Follow("--follow"))
        {
            await other.WaitForAsync("30 °C");
        }

        await SignalAsync(follow, "CONT");
        await follow.WaitForAsync("30 °C");
        Assert.Equal(0, await _gateway.StopAsync());
    }

    private ChildProcess Follow(params string[] arguments) => ChildProcess.Start(
        GatewayProcess.Program, ["values", .. arguments, "--config", _gateway.Configuration], new Dictionary<string, string> { ["RUNTIME_DIRECTORY"] = _gateway.RuntimeFolder });

    private static Task SignalAsync(ChildProcess process, string name) => ChildProcess.RunAsync("kill", $"-{name}", $"{process.Id}");
}
