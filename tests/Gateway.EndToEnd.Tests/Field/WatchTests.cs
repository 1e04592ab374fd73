using Gateway.Adapters.Modbus;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Simulators;

namespace Gateway.EndToEnd.Tests.Field;

/// <summary><c>watch</c> of pymodbus through the daemon.</summary>
public sealed class WatchTests
{
    private const string CtrlC = "\u0003";

    [Fact]
    public async Task Watch_AtATerminal_IsATableWhereChangesStandOut()
    {
        await using var site = await FieldSite.StartAsync();
        await using var terminal = Terminal.Start(24, 160, new Dictionary<string, string>(site.Environment) { ["NO_COLOR"] = "" }, "watch", "holding", "100", "--count", "3", "--every", "100ms", "--config", site.Gateway.Configuration);

        var picture = await terminal.WaitForPictureAsync(p => p.Any(l => l.StartsWith("holding 102", StringComparison.Ordinal)));
        Assert.StartsWith($"plc {site.DeviceAddress}, unit 17, through the running gateway, ", picture[0], StringComparison.Ordinal);
        Assert.Matches("^holding 100 +6666 +26214 +26214 .* 231.4 ", picture.Single(l => l.StartsWith("holding 100", StringComparison.Ordinal)));
        Assert.DoesNotContain("\e[1;33m", terminal.Raw, StringComparison.Ordinal);

        await site.Device.SetAsync(17, "hr", 102, 0xFFFF);
        await terminal.WaitForPictureAsync(p => p.Any(l => l.StartsWith("holding 102  FFFF", StringComparison.Ordinal) && l.Contains(" -1 ", StringComparison.Ordinal)));
        await terminal.WaitForRawAsync("\e[1;33mFFFF");

        await terminal.TypeAsync(CtrlC);
        Assert.Equal((0, true), await terminal.WaitForEndAsync());
        Assert.EndsWith(Terminal.ShownCursor + Terminal.OldScreen, terminal.Raw.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(0, await site.Gateway.StopAsync());
    }

    [Fact]
    public async Task Watch_OfADevice_IsALineForEachChange()
    {
        await using var site = await FieldSite.StartAsync();
        await using var lines = Start(site, "boiler", "--every", "100ms");
        await using var json = Start(site, "boiler", "temperature", "--every", "100ms", "--json");
        await lines.WaitForAsync(l => l.EndsWith("boiler/temperature  00D7  21.5 °C", StringComparison.Ordinal));
        await json.WaitForAsync("\"place\":\"temperature\",\"hex\":\"00D7\",\"value\":21.5");

        await site.Device.SetAsync(17, "hr", 0, 216);

        await lines.WaitForAsync(l => l.EndsWith("boiler/temperature  00D8  21.6 °C", StringComparison.Ordinal));
        await json.WaitForAsync("\"value\":21.6");
        Assert.Equal(0, await lines.TerminateAsync());
        Assert.Single(lines.Lines, l => l.Contains("boiler/power", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_IntoAFileThatOthersWriteTo_WritesOverNothing()
    {
        await using var device = ModbusTcpServer.Start();
        device.Unit(1).SetRegister(RegisterSpace.Holding, 0, 1);
        using var folder = new TempFolder();
        var log = folder.Of("log");
        var watch = $"{GatewayProcess.Program} watch --host {device.Endpoint} holding 0 --count 2 --every 100ms --config /nowhere/gateway.yaml";
        await using var shell = ChildProcess.Start("sh", ["-c", $"exec > {log} 2>&1; echo before; {watch} & echo $! > {folder.Of("pid")}; wait $!; echo after"]);
        await using var reader = ChildProcess.Start("tail", ["-n", "+1", "-F", log]);
        await reader.WaitForAsync("holding 1");
        await device.DisposeAsync();
        await reader.WaitForAsync("edge-gateway: ");
        await ChildProcess.RunAsync("kill", File.ReadAllText(folder.Of("pid")).Trim());
        Assert.Equal(0, await shell.WaitForExitAsync());

        var lines = File.ReadAllLines(log);
        Assert.Equal(("before", "after"), (lines[0], lines[^1]));
        Assert.EndsWith("holding 0  0001  1", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("holding 1  0000  0", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("edge-gateway: ", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_DeviceGoesAndComes_IsSaidOnceEachAndGoesOn()
    {
        var device = ModbusTcpServer.Start();
        device.Unit(1).SetRegister(RegisterSpace.Holding, 0, 215);
        await using var lines = ChildProcess.Start(
            GatewayProcess.Program,
            ["watch", "--host", $"{device.Endpoint}", "holding", "0", "--count", "1", "--every", "100ms", "--timeout", "2s", "--config", "/nowhere/gateway.yaml"]);
        await lines.WaitForAsync("holding 0  00D7");

        await device.DisposeAsync();
        await lines.WaitForAsync(l => l.Contains("connection refused", StringComparison.Ordinal));
        await using var again = ModbusTcpServer.Start(device.Endpoint);
        again.Unit(1);
        await lines.WaitForAsync("it answers again");
        await lines.WaitForAsync("holding 0  0000");
        Assert.Equal(0, await lines.TerminateAsync());
        Assert.Single(lines.Lines, l => l.Contains("connection refused", StringComparison.Ordinal));
    }

    private static ChildProcess Start(FieldSite site, params string[] arguments) =>
        ChildProcess.Start(GatewayProcess.Program, ["watch", .. arguments, "--config", site.Gateway.Configuration], site.Environment);
}
