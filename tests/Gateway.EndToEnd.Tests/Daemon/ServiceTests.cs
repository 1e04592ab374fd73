using System.Net.Sockets;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Daemon;

/// <summary>The daemon as a service: what it tells systemd, how it takes signals, how it stops.</summary>
public sealed class ServiceTests : IDisposable
{
    /// <summary>SIGTERM stops in order within 5 s.</summary>
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(5);

    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Systemd_IsTold_ReadyWatchdogStatusAndStopping()
    {
        await using var systemd = new NotifySocket(_folder);
        await using var gateway = new GatewayProcess(_folder, Configuration($$"""
            links: [{ id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{Ports.Free()}} }]
            devices: [{ id: boiler, link: plc, points: [{ id: t, register: holding 1 }] }]
            """));
        gateway.Launch(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = systemd.Path, ["WATCHDOG_USEC"] = "3000000" });

        var ready = await systemd.WaitForAsync("READY=1");
        using (var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await client.ConnectAsync("127.0.0.1", _port);
        }

        Assert.Contains("\nSTATUS=", ready, StringComparison.Ordinal);
        await systemd.WaitForAsync("WATCHDOG=1");
        await systemd.WaitForAsync("STATUS=1 of 1 devices not online (boiler)");
        await systemd.WaitForAsync("WATCHDOG=1");
        var log = await gateway.Process.WaitForAsync("ready: ");
        Assert.StartsWith("<6>Gateway[5001] ", log, StringComparison.Ordinal);
        Assert.Contains(gateway.Process.Lines, l => l.StartsWith("<4>", StringComparison.Ordinal) && l.Contains("boiler", StringComparison.Ordinal));

        var stopping = systemd.WaitForAsync("STOPPING=1");
        Assert.Equal(0, await gateway.StopAsync());
        await stopping;
    }

    [Fact]
    public async Task Systemd_StartFails_IsToldWhy()
    {
        await using var systemd = new NotifySocket(_folder);
        using var holder = new TcpListener(System.Net.IPAddress.Loopback, _port);
        holder.Start();
        await using var gateway = new GatewayProcess(_folder, Configuration());
        gateway.Launch(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = systemd.Path });

        Assert.Contains($"port {_port} is in use", await systemd.WaitForAsync("STATUS="), StringComparison.Ordinal);
        Assert.Equal(1, await gateway.Process.WaitForExitAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Terminate_UpstreamHangs_StopsWithinFiveSeconds(bool answersConnect)
    {
        await using var upstream = new SilentServer(answersConnect);
        await using var gateway = new GatewayProcess(_folder, Configuration(
            $"bridges: [{{ id: cloud, servers: [\"mqtt://127.0.0.1:{upstream.Port}\"], forward: [{{ filter: \"lan/#\" }}], import: [{{ filter: \"down/#\" }}] }}]"));
        await gateway.StartAsync();
        await upstream.Connected;
        await using (var client = await LanClient.JoinAsync(_port))
        {
            await client.PublishAsync("lan/1", new byte[100]);
        }

        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await gateway.StopAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, s_stop);
    }

    [Fact]
    public async Task Hangup_IsAnsweredInTheLog_AndTheGatewayGoesOn()
    {
        await using var gateway = new GatewayProcess(_folder, Configuration());
        await gateway.StartAsync();

        Assert.Equal(0, (await ChildProcess.RunAsync("kill", "-HUP", $"{gateway.Process.Id}")).Code);

        await gateway.Process.WaitForAsync("users reloaded, with their roles, the acl-file and certificates; other changes are taken over by edge-gateway apply");
        var (code, report) = await gateway.StatusAsync();
        Assert.Equal((0, "gw-1"), (code, report.GetProperty("gateway").GetProperty("id").GetString()));
        Assert.Equal($"127.0.0.1:{_port}", report.GetProperty("broker").GetProperty("listeners")[0].GetString());
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task Start_BrokenConfiguration_RunsWithTheLastGoodOneAndSaysSo()
    {
        await using var gateway = new GatewayProcess(_folder, Configuration());
        Directory.CreateDirectory(_folder.Of("data"));
        LastGood.Keep(ConfigurationLoader.Load(gateway.Configuration, Adapters.AdapterCatalog.All).Configuration!, DateTimeOffset.UtcNow);
        _folder.Write("gw.yaml", Configuration("linkz: []"));

        var strict = await GatewayCommand.RunAsync("run", "--strict", "--config", gateway.Configuration);
        Assert.Equal(78, strict.Code);

        await gateway.StartAsync();
        var alert = await gateway.Process.WaitForAsync("alert configuration: ");
        Assert.Contains("unknown key \"linkz\"", alert, StringComparison.Ordinal);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync("127.0.0.1", _port);

        // The command finds the gateway although the file that names it is broken.
        var status = await gateway.AskAsync("status");
        Assert.Equal(1, status.Code);
        Assert.Contains("gw-1: the configuration is broken", status.Output[0], StringComparison.Ordinal);
        Assert.Contains(status.Errors, static l => l.Contains("unknown key \"linkz\"", StringComparison.Ordinal));
    }

    private string Configuration(string rest = "") => $$"""
        gateway: { id: gw-1, data: data, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }] }
        {{rest}}

        """;
}
