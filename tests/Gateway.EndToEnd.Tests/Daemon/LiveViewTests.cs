using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Daemon;

/// <summary>What is kept up to date on a terminal, and what the terminal is like afterwards.</summary>
public sealed class LiveViewTests : IDisposable
{
    private const string CtrlC = "\u0003";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Values_FollowResizeAndAreGoneAfterCtrlC()
    {
        await using var device = new PymodbusServer(1);
        await device.StartAsync();
        await using var gateway = await StartAsync(device.Port);
        await using var terminal = Terminal.Start(24, 100, Beside(gateway), "values", "--follow", "--config", gateway.Configuration);

        await device.SetAsync(1, "hr", 0, 77);
        var picture = await terminal.WaitForPictureAsync(p => p.Any(l => l.Contains("register-0 ", StringComparison.Ordinal) && l.Contains(" 77 ", StringComparison.Ordinal)));
        Assert.StartsWith("12 points, ", picture[0], StringComparison.Ordinal);
        Assert.Contains("QUALITY", picture[2], StringComparison.Ordinal);
        Assert.Equal(12, picture.Count(l => l.Contains("boiler", StringComparison.Ordinal)));

        await terminal.ResizeAsync(8, 50);
        picture = await terminal.WaitForPictureAsync(p => p.Length <= 8 && p[0].StartsWith("12 points, ", StringComparison.Ordinal));
        Assert.Contains("and 8 more", picture[^1], StringComparison.Ordinal);
        Assert.All(picture, l => Assert.True(l.Length <= 50, l));

        await terminal.TypeAsync(CtrlC);
        Assert.Equal((0, true), await terminal.WaitForEndAsync());
        Assert.EndsWith(Terminal.ShownCursor + Terminal.OldScreen, terminal.Raw.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task Values_GatewayStops_IsSaidOnTheOldScreen()
    {
        await using var device = new PymodbusServer(1);
        await device.StartAsync();
        await using var gateway = await StartAsync(device.Port);
        await using var terminal = Terminal.Start(24, 100, Beside(gateway), "values", "boiler", "-f", "--config", gateway.Configuration);
        await terminal.WaitForPictureAsync(p => p.Any(l => l.Contains("good", StringComparison.Ordinal)));

        await gateway.StopAsync();

        Assert.Equal((1, true), await terminal.WaitForEndAsync());
        Assert.Contains("the answer broke off", terminal.Raw[terminal.Raw.LastIndexOf(Terminal.OldScreen, StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_AreColouredUnlessNoColorIsSet()
    {
        await using var device = new PymodbusServer(1);
        await device.StartAsync();
        await using var gateway = await StartAsync(device.Port);
        string[] follow = ["values", "--follow", "--config", gateway.Configuration];

        await using var plain = Terminal.Start(24, 100, new Dictionary<string, string>(Beside(gateway)) { ["NO_COLOR"] = "1" }, follow);
        await plain.WaitForPictureAsync(p => p.Any(l => l.Contains("good", StringComparison.Ordinal)));
        Assert.DoesNotContain("\e[3", plain.Raw, StringComparison.Ordinal);
        await using var coloured = Terminal.Start(24, 100, new Dictionary<string, string>(Beside(gateway)) { ["NO_COLOR"] = "" }, follow);
        await coloured.WaitForRawAsync("\e[32mgood");
    }

    [Fact]
    public async Task Status_Watch_GoesOnWhenTheGatewayIsRestarted()
    {
        await using var device = new PymodbusServer(1);
        await device.StartAsync();
        await using var gateway = await StartAsync(device.Port);
        await using var terminal = Terminal.Start(40, 120, Beside(gateway), "status", "--watch", "--config", gateway.Configuration);
        await using var blocks = ChildProcess.Start(GatewayProcess.Program, ["status", "--watch", "--config", gateway.Configuration], Beside(gateway));
        await using var json = ChildProcess.Start(GatewayProcess.Program, ["status", "--watch", "--json", "--config", gateway.Configuration], Beside(gateway));

        await terminal.WaitForPictureAsync(p => p.Any(l => l.Contains("start 1,", StringComparison.Ordinal)));
        await blocks.WaitForAsync("start 1,");
        await json.WaitForAsync(l => l.StartsWith('{') && l.Contains("\"boot\":1,", StringComparison.Ordinal) && l.EndsWith('}'));
        await gateway.StopAsync();
        await terminal.WaitForPictureAsync(p => p.Any(l => l.Contains("no gateway runs on ", StringComparison.Ordinal)));
        await blocks.WaitForAsync("no gateway runs on ");
        await json.WaitForAsync("\"state\":\"unknown\"");
        await gateway.StartAsync();
        await terminal.WaitForPictureAsync(p => p.Any(l => l.Contains("start 2,", StringComparison.Ordinal)));
        await blocks.WaitForAsync("start 2,");

        await terminal.TypeAsync(CtrlC);
        Assert.Equal((0, true), await terminal.WaitForEndAsync());
        Assert.Equal(0, await blocks.TerminateAsync());
        Assert.DoesNotContain(blocks.Lines, l => l.Contains('\e'));
    }

    [Fact]
    public async Task Demo_IsAPictureOnATerminal_AndItsVerdictStays()
    {
        await using var terminal = Terminal.Start(30, 140, new Dictionary<string, string>(), "demo");

        await terminal.WaitForPictureAsync(p => p.Any(l => l.Contains("boiler-7/setpoint", StringComparison.Ordinal)) && p.Any(l => l.Contains(" up ", StringComparison.Ordinal)));
        await terminal.TypeAsync(CtrlC);

        Assert.Equal((0, true), await terminal.WaitForEndAsync());
        var after = terminal.Raw[terminal.Raw.LastIndexOf(Terminal.OldScreen, StringComparison.Ordinal)..];
        Assert.Contains(" missing 0, ", after, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Beside(GatewayProcess gateway) => new() { ["RUNTIME_DIRECTORY"] = gateway.RuntimeFolder };

    /// <summary>A gateway with a dozen points.</summary>
    private async Task<GatewayProcess> StartAsync(int device)
    {
        var points = string.Join('\n', Enumerable.Range(0, 12).Select(i => $"      - {{ id: register-{i}, register: holding {i}, type: uint16, every: 200ms }}"));
        var gateway = new GatewayProcess(_folder, $$"""
            gateway: { id: gw-1, data: data }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{Ports.Free()}} }] }
            links: [{ id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{device}} }]
            devices:
              - id: boiler
                link: plc
                unit-id: 1
                points:
            {{points}}

            """);
        await gateway.StartAsync();
        return gateway;
    }
}
