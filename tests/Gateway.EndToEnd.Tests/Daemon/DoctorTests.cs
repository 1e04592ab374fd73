using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Daemon;

/// <summary>Broken surroundings: each is named first, with what to do.</summary>
public sealed class DoctorTests : IDisposable
{
    private const string Secret = "planted-secret-4711";

    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public DoctorTests() => Directory.CreateDirectory(_folder.Of("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AllWell_RunningGateway_HasNoFault()
    {
        await using var upstream = await UpstreamAsync();
        await using var gateway = new GatewayProcess(_folder, Configuration(Bridge($"mqtt://127.0.0.1:{upstream.Port}")));
        await gateway.StartAsync();
        await upstream.WaitForAsync("as gw-1 ");
        var (code, findings) = await DoctorAsync(gateway);
        Assert.True(code == 0, string.Join('\n', findings));
        Assert.Contains(findings, f => f.Part == "bridge cloud" && f.Text.Contains("takes gw as gw-1-doctor within", StringComparison.Ordinal));
        Assert.DoesNotContain(upstream.Log, l => l.Contains("Client gw-1 already connected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Upstream_EachFault_IsNamedWithItsRemedy()
    {
        await using var upstream = await UpstreamAsync();
        await using var mute = new SilentServer(answersConnect: false);
        Assert.Equal(("bridge cloud", "nothing listens on", "check the port"), await WorstAsync(Bridge($"mqtt://127.0.0.1:{Ports.Free()}")));
        Assert.Equal(("bridge cloud", "has no address", "check the name"), await WorstAsync(Bridge("mqtt://no-such-host.invalid")));
        Assert.Equal(("bridge cloud", "did not answer within 10 s", "check the network"), await WorstAsync(Bridge($"mqtt://127.0.0.1:{mute.Port}")));
        Assert.Equal(("bridge cloud", "0x87", "allow this user"), await WorstAsync(Bridge($"mqtt://127.0.0.1:{upstream.Port}", password: "wrong")));
        Assert.Equal(("files", "(the password of the bridge cloud) is not there", "put it there"), await WorstAsync(Bridge($"mqtt://127.0.0.1:{upstream.Port}", password: null)));
    }

    [Fact]
    public async Task Upstream_StrangersCertificate_NamesTheAuthority()
    {
        var authority = await Certificates.MakeAsync(_folder, "plant");
        var (certificate, key) = await authority.SignAsync("broker", "subjectAltName=IP:127.0.0.1");
        await using var upstream = new Mosquitto(_folder, "tls", $"certfile {certificate}", $"keyfile {key}");
        await upstream.StartAsync();
        Assert.Equal(("bridge cloud", "signed by \"plant authority\"", "correct the certificates"), await WorstAsync(Bridge($"mqtts://127.0.0.1:{upstream.Port}")));
    }

    [Fact]
    public async Task Disk_InMemoryOrReadOnly_IsNamed()
    {
        await using var disk = await SmallDisk.MountAsync(_folder, "small", "8m");
        Assert.Equal(("disk", "lies in memory (tmpfs)", "set gateway.data"), await WorstAsync("", data: "small"));
        await disk.RemountAsync("ro");
        Assert.Equal(("disk", "is mounted read-only", "dmesg"), await WorstAsync("", data: "small"));
    }

    [Fact]
    public async Task Port_TakenByAnother_NamesIt()
    {
        using var holder = new TcpListener(IPAddress.Loopback, _port);
        holder.Start();
        Assert.Equal(("broker", $"port {_port} is in use by", "stop it"), await WorstAsync(""));
    }

    [Fact]
    public async Task Secret_MissingOrOpenToAll_IsNamed()
    {
        Assert.Equal(("files", "users) is not there", "put it there"), await WorstAsync("", broker: ", password-file: users"));
        var file = _folder.Write("users", "");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var (_, findings) = await DoctorAsync(Path(Configuration("", broker: ", password-file: users")));
        Assert.Contains(findings, f => f.Text.Contains("can be read by every user", StringComparison.Ordinal) && f.Remedy == $"chmod o-rw {file}");
    }

    [Fact]
    public async Task Configuration_Broken_IsSaidAndEndsWith78()
    {
        var (code, findings) = await DoctorAsync(Path(Configuration("linkz: []")));
        Assert.Equal((78, "configuration"), (code, findings[0].Part));
        Assert.Contains("linkz", findings[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bundle_HasEverything_AndNoSecret()
    {
        await using var upstream = await UpstreamAsync();
        var yaml = Bridge($"mqtt://127.0.0.1:{upstream.Port}") + $"\n# a note on site: password: {Secret}, and the url mqtt://gw:{Secret}@host\n";
        await using var gateway = new GatewayProcess(_folder, Configuration(yaml));
        await gateway.StartAsync();
        var bundle = _folder.Of("support.tar.gz");
        var run = await gateway.AskAsync("doctor", "--bundle", bundle);
        Assert.Contains(run.Errors, l => l.StartsWith($"{bundle} is written", StringComparison.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(bundle));

        Directory.CreateDirectory(_folder.Of("unpacked"));
        Assert.Equal(0, (await ChildProcess.RunAsync("tar", "xzf", bundle, "-C", _folder.Of("unpacked"))).Code);
        var files = Directory.GetFiles(_folder.Of("unpacked"), "*", SearchOption.AllDirectories);
        Assert.Equal(
            ["check.txt", "configuration/gw.yaml", "doctor.txt", "log.txt", "status.json", "system.txt", "version.txt"],
            files.Select(f => System.IO.Path.GetRelativePath(_folder.Of("unpacked"), f)).Order(StringComparer.Ordinal));
        Assert.All(files, f => Assert.DoesNotContain(Secret, File.ReadAllText(f), StringComparison.Ordinal));
        Assert.Contains("mqtt://gw:[removed]@host", await File.ReadAllTextAsync(_folder.Of("unpacked/configuration/gw.yaml")), StringComparison.Ordinal);

        var again = await gateway.AskAsync("doctor", "--bundle", bundle);
        Assert.Equal(1, again.Code);
        Assert.Contains(again.Errors, l => l.Contains("cannot be written", StringComparison.Ordinal));
    }

    private async Task<Mosquitto> UpstreamAsync()
    {
        var users = _folder.Of("mosquitto-users");
        Assert.Equal(0, (await ChildProcess.RunAsync("mosquitto_passwd", "-b", "-c", users, "gw", Secret)).Code);
        var upstream = new Mosquitto(_folder, "strict", "allow_anonymous false", $"password_file {users}");
        await upstream.StartAsync();
        return upstream;
    }

    /// <summary>A bridge whose password is right, wrong or not there.</summary>
    private string Bridge(string server, string? password = Secret)
    {
        File.Delete(_folder.Of("secret"));
        if (password is not null)
        {
            File.SetUnixFileMode(_folder.Write("secret", password + "\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return $"bridges: [{{ id: cloud, servers: [\"{server}\"], username: gw, password: {{ file: secret }}, forward: [standard] }}]";
    }

    /// <summary>The first finding, shortened to the words that are expected of it.</summary>
    private async Task<(string Part, string Text, string Remedy)> WorstAsync(string rest, string data = "data", string broker = "")
    {
        var (code, findings) = await DoctorAsync(Path(Configuration(rest, data, broker)));
        Assert.Equal(1, code);
        var (part, _, text, remedy) = findings[0];
        string[] texts = ["nothing listens on", "has no address", "did not answer within 10 s", "0x87", "(the password of the bridge cloud) is not there", "signed by \"plant authority\"",
            "lies in memory (tmpfs)", "is mounted read-only", $"port {_port} is in use by", "users) is not there"];
        string[] remedies = ["check the port", "check the name", "check the network", "allow this user", "correct the certificates",
            "set gateway.data", "dmesg", "stop it", "put it there"];
        return (part, texts.FirstOrDefault(t => text.Contains(t, StringComparison.Ordinal)) ?? text, remedies.FirstOrDefault(r => remedy?.Contains(r, StringComparison.Ordinal) == true) ?? remedy ?? "");
    }

    private string Path(string yaml) => _folder.Write("doctor.yaml", yaml);

    private static async Task<(int Code, IReadOnlyList<Told> Findings)> DoctorAsync(GatewayProcess gateway) => Read(await gateway.AskAsync("doctor", "--json"));

    private static async Task<(int Code, IReadOnlyList<Told> Findings)> DoctorAsync(string path) => Read(await GatewayCommand.RunAsync("doctor", "--json", "--config", path));

    private static (int Code, IReadOnlyList<Told> Findings) Read(GatewayCommand run)
    {
        using var report = JsonDocument.Parse(string.Join('\n', run.Output));
        return (run.Code, [.. report.RootElement.GetProperty("findings").EnumerateArray().Select(static f => new Told(
            f.GetProperty("part").GetString()!, f.GetProperty("severity").GetString()!, f.GetProperty("text").GetString()!, f.GetProperty("remedy").GetString()))]);
    }

    private string Configuration(string rest, string data = "data", string broker = "") => $$"""
        gateway: { id: gw-1, data: {{data}}, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }]{{broker}} }
        http: { enabled: false }
        {{rest}}

        """;

    private sealed record Told(string Part, string Severity, string Text, string? Remedy);
}
