using System.Net;
using System.Net.Sockets;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Tests.Storage;

namespace Gateway.EndToEnd.Tests.Daemon;

/// <summary>What goes wrong on site: <c>doctor</c> and <c>status</c> name the cause on their first line, with what to do about it.</summary>
public sealed class BrokenSetUpTests : IDisposable
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const string Server = "extendedKeyUsage=serverAuth\nsubjectAltName=";

    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public BrokenSetUpTests()
    {
        File.SetUnixFileMode(_folder.Path, Everybody);
        Directory.CreateDirectory(_folder.Of("data"));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Also before the certificate that is not valid yet because of it.</summary>
    [Fact]
    public async Task Clock_WasNeverSet()
    {
        var authority = await Certificates.MakeAsync(_folder, "site");
        await using var upstream = await UpstreamAsync(authority, "IP:127.0.0.1");
        var past = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", ["FAKETIME"] = "@2001-01-01 00:00:00", ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
        await using var gateway = new GatewayProcess(_folder, Configuration(Bridge(upstream, authority)));
        await gateway.StartAsync(past);
        await gateway.Process.WaitForAsync("is valid only from");

        string[] inThePast = ["env", .. past.Select(v => $"{v.Key}={v.Value}"), $"RUNTIME_DIRECTORY={gateway.RuntimeFolder}"];
        First(await GatewayCommand.RunAsync(inThePast, ["doctor", "--config", gateway.Configuration]), "✗ clock: 2001-01-01 00:0", "systemd-timesyncd");
        First(await gateway.AskAsync("status"), "gw-1: the clock says 2001-01-01: set it, or let NTP reach a server; bridge cloud ");
    }

    [Fact]
    public async Task Disk_IsFull()
    {
        using var image = Ext4Image.TryMake(mebibytes: 96, out var reason, "loop,errors=remount-ro");
        Assert.SkipWhen(image is null, $"no loop mount here: {reason}");
        await using var gateway = new GatewayProcess(_folder, Configuration($$"""
            bridges: [{ id: cloud, servers: ["mqtt://127.0.0.1:{{Ports.Free()}}"], forward: [{ filter: "lan/#" }], outbox: { when-full: refuse } }]
            """, data: image.Mount));
        await gateway.StartAsync();
        await using (var publisher = await LanClient.JoinAsync(_port))
        {
            var full = gateway.Process.WaitForAsync("Free some space");
            while (!full.IsCompleted)
            {
                await publisher.PublishAsync("lan/big", new byte[200 << 10]);
            }
        }

        First(await gateway.AskAsync("doctor"), "✗ disk: ", "free some space");
        First(await gateway.AskAsync("status"), "gw-1: storage: ");
        Assert.Contains("free some", await gateway.StatusTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task DataFolder_OfAnotherUser()
    {
        var file = _folder.Write("gw.yaml", Configuration(""));
        File.SetUnixFileMode(_folder.Of("data"), Everybody);
        var cause = $"nobody may not read and write {_folder.Of("data")}";
        First(await GatewayCommand.RunAsync(GatewayCommand.AsNobody, ["doctor", "--config", file]), $"✗ disk: {cause}", $"chown -R nobody {_folder.Of("data")}");
        FirstError(await GatewayCommand.RunAsync(GatewayCommand.AsNobody, ["status", "--config", file]), cause, $"chown -R nobody {_folder.Of("data")}");
    }

    [Fact]
    public async Task DataFolder_IsAFile()
    {
        Directory.Delete(_folder.Of("data"));
        var file = _folder.Write("gw.yaml", Configuration(""));
        _folder.Write("data", "a copy that went wrong");
        First(await GatewayCommand.RunAsync("doctor", "--config", file), $"✗ disk: {_folder.Of("data")} is a file", "move it away");
        FirstError(await GatewayCommand.RunAsync("status", "--config", file), "is a file", "move it away");
        Assert.Contains("is a file", (await GatewayCommand.RunAsync("run", "--config", file)).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_IsTaken()
    {
        using var holder = new TcpListener(IPAddress.Loopback, _port);
        holder.Start();
        var file = _folder.Write("gw.yaml", Configuration(""));
        var cause = $"port {_port} is in use by ";
        First(await GatewayCommand.RunAsync("doctor", "--config", file), $"✗ broker: {cause}", "stop it");
        FirstError(await GatewayCommand.RunAsync("status", "--config", file), $"{cause}", $"(pid {Environment.ProcessId}); stop it");

        File.SetUnixFileMode(_folder.Of("data"), Everybody | UnixFileMode.OtherWrite);
        FirstError(await GatewayCommand.RunAsync(GatewayCommand.AsNobody, ["status", "--config", file]), cause, "a process of another user (sudo ss -tlnp names it)");
    }

    /// <summary>The gateway runs, and the one who asks is nobody to it.</summary>
    [Fact]
    public async Task Socket_OfAnotherUser()
    {
        await using var gateway = new GatewayProcess(_folder, Configuration(""));
        await gateway.StartAsync();
        File.SetUnixFileMode(_folder.Of("data"), Everybody);
        string[] nobody = [.. GatewayCommand.AsNobody, "env", $"RUNTIME_DIRECTORY={gateway.RuntimeFolder}"];
        foreach (var command in (string[])["status", "values"])
        {
            FirstError(await GatewayCommand.RunAsync(nobody, [command, "--config", gateway.Configuration]), "nobody may not ask the gateway (", "as a member of the gateway's group");
        }

        var doctor = await GatewayCommand.RunAsync(nobody, ["doctor", "--config", gateway.Configuration]);
        Assert.Contains(doctor.Output, l => l.StartsWith("! gateway: nobody may not ask the gateway (", StringComparison.Ordinal));
        Assert.DoesNotContain(doctor.Output, l => l.Contains("no gateway runs", StringComparison.Ordinal));
    }

    [Fact]
    public Task Upstream_HasNoAddress() =>
        BridgeIsNamedAsync("bridges: [{ id: cloud, servers: [\"mqtt://no-such-host.invalid\"], forward: [standard] }]", "no-such-host.invalid has no address", "this machine's DNS");

    [Fact]
    public async Task Upstream_CertificateOfAStranger()
    {
        var (ours, theirs) = (await Certificates.MakeAsync(_folder, "ours"), await Certificates.MakeAsync(_folder, "theirs"));
        await using var upstream = await UpstreamAsync(theirs, "IP:127.0.0.1");
        await BridgeIsNamedAsync(Bridge(upstream, ours), "signed by \"theirs authority\", which is not in the file that tls: { ca: … } names", "correct the certificates");
    }

    [Fact]
    public async Task Upstream_CertificateExpired()
    {
        var authority = await Certificates.MakeAsync(_folder, "site");
        await using var upstream = await UpstreamAsync(authority, "IP:127.0.0.1", days: -1);
        await BridgeIsNamedAsync(Bridge(upstream, authority), "the certificate of \"broker\" expired on ", "correct the certificates");
    }

    [Fact]
    public async Task Upstream_CertificateOfAnotherName()
    {
        var authority = await Certificates.MakeAsync(_folder, "site");
        await using var upstream = await UpstreamAsync(authority, "DNS:cloud.example");
        await BridgeIsNamedAsync(Bridge(upstream, authority), "the server's certificate is for cloud.example, not for 127.0.0.1", "the name in servers");
    }

    [Fact]
    public async Task Upstream_RefusesTheLogin()
    {
        var users = _folder.Of("upstream-users");
        Assert.Equal(0, (await ChildProcess.RunAsync("mosquitto_passwd", "-b", "-c", users, "gw", "right")).Code);
        await using var upstream = new Mosquitto(_folder, "strict", "allow_anonymous false", $"password_file {users}");
        await upstream.StartAsync();
        File.SetUnixFileMode(_folder.Write("secret", "wrong"), UnixFileMode.UserRead);
        await BridgeIsNamedAsync(
            $"bridges: [{{ id: cloud, servers: [\"mqtt://127.0.0.1:{upstream.Port}\"], username: gw, password: {{ file: secret }}, forward: [standard] }}]",
            "refused the connection", "allow this user or client id upstream, or correct username and password");
    }

    [Fact]
    public Task Device_HostHasNoAddress() => DeviceIsNamedAsync("no-such-plc.invalid", 502, "unknown host", "check host or write the address");

    [Fact]
    public Task Device_PortIsWrong() => DeviceIsNamedAsync("127.0.0.1", Ports.Free(), "connection refused", "check port");

    [Fact]
    public async Task Device_UnitIdIsWrong()
    {
        await using var server = new SilentDevice();
        await DeviceIsNamedAsync("127.0.0.1", server.Port, "timeout", "that unit-id is right");
    }

    /// <summary>Nothing is broken, and nobody sees anything: rights are looked at by doctor alone.</summary>
    [Fact]
    public async Task Acl_HidesTheTopics()
    {
        var users = _folder.Of("users");
        Assert.Equal(0, (await ChildProcess.RunAsync("mosquitto_passwd", "-b", "-c", users, "scada", "right")).Code);
        var acl = _folder.Write("acl", "user scada\ntopic read plant/#\n");
        await using var gateway = new GatewayProcess(_folder, Configuration(Device("127.0.0.1", Ports.Free()), broker: ", password-file: users, acl-file: acl"));
        File.SetUnixFileMode(users, UnixFileMode.UserRead);
        await using var server = new SilentDevice();
        var run = await gateway.AskAsync("doctor");
        Assert.Contains(run.Output, l => l.StartsWith($"! access: user scada ({acl}) may neither read nor command any device: it may not read edge/boiler/telemetry/+", StringComparison.Ordinal));
        Assert.Contains(run.Output, l => l.Contains($"in {acl}, below user scada, write topic read edge/#", StringComparison.Ordinal));
    }

    private async Task BridgeIsNamedAsync(string rest, string cause, string remedy)
    {
        await using var gateway = new GatewayProcess(_folder, Configuration(rest));
        var stopped = await gateway.AskAsync("doctor");
        Assert.Equal(1, stopped.Code);
        First(stopped, "✗ bridge cloud: ", cause, remedy);

        await gateway.StartAsync();
        await gateway.Process.WaitForAsync(cause);
        First(await gateway.AskAsync("status"), "gw-1: bridge cloud ", cause);
        Assert.Contains(remedy, await gateway.StatusTextAsync(), StringComparison.Ordinal);
        var running = await gateway.AskAsync("doctor");
        First(running, "✗ bridge cloud: ", cause, remedy);
        Assert.Single(running.Output, static l => l.StartsWith('✗'));
    }

    private async Task DeviceIsNamedAsync(string host, int port, string cause, string remedy)
    {
        await using var gateway = new GatewayProcess(_folder, Configuration(Device(host, port)));
        First(await gateway.AskAsync("doctor"), $"✗ device boiler: {host}:{port}: {cause}", remedy);

        await gateway.StartAsync();
        await gateway.Process.WaitForAsync("device boiler is offline");
        First(await gateway.AskAsync("doctor"), $"✗ device boiler: {cause}", remedy);
        First(await gateway.AskAsync("status"), "gw-1: 1 of 1 devices not online (boiler)");
        var lines = (await gateway.AskAsync("status")).Output;
        Assert.Contains(lines, l => l.StartsWith("  boiler ", StringComparison.Ordinal) && l.Contains($": {cause}", StringComparison.Ordinal));
        Assert.Single(lines, l => l.Contains(remedy, StringComparison.Ordinal));
    }

    /// <summary>The first line holds the cause; it, or the remedy below it, all else that is expected.</summary>
    private static void First(GatewayCommand run, string cause, params string[] more)
    {
        var said = string.Join('\n', [.. run.Output, .. run.Errors]);
        Assert.True(run.Output.Count > 0 && run.Output[0].StartsWith(cause, StringComparison.Ordinal), said);
        Assert.All(more, m => Assert.True(run.Output.Take(2).Any(l => l.Contains(m, StringComparison.Ordinal)), $"{m} is missing at the top of\n{said}"));
    }

    private static void FirstError(GatewayCommand run, params string[] expected)
    {
        Assert.Equal(1, run.Code);
        Assert.All(expected, e => Assert.Contains(e, run.Errors[0], StringComparison.Ordinal));
    }

    private async Task<Mosquitto> UpstreamAsync(Certificates authority, string names, int days = 30)
    {
        var (certificate, key) = await authority.SignAsync("broker", Server + names, days);
        var upstream = new Mosquitto(_folder, "tls", $"certfile {certificate}", $"keyfile {key}");
        await upstream.StartAsync();
        return upstream;
    }

    private static string Bridge(Mosquitto upstream, Certificates authority) =>
        $"bridges: [{{ id: cloud, servers: [\"mqtts://127.0.0.1:{upstream.Port}\"], tls: {{ ca: {authority.Ca} }}, forward: [standard] }}]";

    private static string Device(string host, int port) => $$"""
        links: [{ id: plc, type: modbus-tcp, host: {{host}}, port: {{port}}, timeout: 300ms }]
        devices: [{ id: boiler, link: plc, unit-id: 9, points: [{ id: t, register: holding 0, type: int16, every: 1s }] }]
        """;

    private string Configuration(string rest, string data = "data", string broker = "") => $$"""
        gateway: { id: gw-1, data: {{data}}, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }]{{broker}} }
        http: { enabled: false }
        {{rest}}

        """;
}
