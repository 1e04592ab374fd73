using System.Text;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Daemon;

/// <summary>Secrets of every kind are planted; nothing that the gateway says to anybody holds one of them.</summary>
public sealed class SecretsTests : IDisposable
{
    private const string FromFile = "planted-In-A-File-1", FromEnvironment = "planted-In-The-Environment-2", OfUser = "planted-Of-A-User-3", Tried = "planted-At-A-Login-4";

    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();
    private readonly int _web = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NothingThatIsSaid_HoldsASecret()
    {
        var authority = await Certificates.MakeAsync(_folder, "plant");
        var (certificate, key) = await authority.SignAsync("broker", "subjectAltName=IP:127.0.0.1");
        await using var upstream = await UpstreamAsync();
        File.SetUnixFileMode(_folder.Write("secret", FromFile + "\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var gateway = new GatewayProcess(_folder, $$"""
            gateway: { id: gw-1, data: data, clock: trusted }
            broker:
              listeners:
                - { bind: 127.0.0.1, port: {{_port}} }
                - { bind: 127.0.0.1, port: {{Ports.Free()}}, tls: { certificate: {{certificate}}, key: {{key}} } }
            http: { port: {{_web}} }
            bridges:
              - { id: by-file, servers: ["mqtt://127.0.0.1:{{upstream.Port}}"], client-id: a, username: file, password: { file: secret }, forward: [standard] }
              - { id: by-environment, servers: ["mqtt://127.0.0.1:{{upstream.Port}}"], client-id: b, username: environment, password: { env: PLANTED }, forward: [standard] }

            """);
        await gateway.StartAsync(new Dictionary<string, string> { ["PLANTED"] = FromEnvironment });
        await upstream.WaitForAsync("as a ");
        await upstream.WaitForAsync("as b ");
        string[] secrets =
        [
            FromFile, FromEnvironment, OfUser, Tried, File.ReadAllText(_folder.Of("data/installer-password")).Trim(), File.ReadLines(key).Skip(1).First(),
        ];

        var said = new StringBuilder();
        Hear(await gateway.AskAsync("user", "add", "anna", "--password-file", _folder.Write("new", OfUser)));
        await ChildProcess.RunAsync("mosquitto_pub", "-p", $"{_port}", "-u", Tried, "-P", Tried, "-t", "a", "-m", "1");
        await ChildProcess.RunAsync("mosquitto_pub", "-p", $"{_port}", "-u", "anna", "-P", Tried, "-t", "a", "-m", "1");
        await gateway.Process.WaitForAsync("A login of anna from 127.0.0.1 failed");
        var bundle = _folder.Of("support.tar.gz");
        foreach (var command in (string[][])
            [["status"], ["status", "--json"], ["check"], ["check", "--json"], ["values"], ["user", "list"], ["outbox", "list"], ["doctor"], ["doctor", "--json"], ["doctor", "--bundle", bundle]])
        {
            Hear(await gateway.AskAsync(command));
        }

        Directory.CreateDirectory(_folder.Of("unpacked"));
        Assert.Equal(0, (await ChildProcess.RunAsync("tar", "xzf", bundle, "-C", _folder.Of("unpacked"))).Code);
        foreach (var file in Directory.GetFiles(_folder.Of("unpacked"), "*", SearchOption.AllDirectories))
        {
            said.AppendLine(File.ReadAllText(file));
        }

        said.AppendLine((await ChildProcess.RunAsync("curl", "-s", $"http://127.0.0.1:{_web}/metrics", $"http://127.0.0.1:{_web}/healthz", $"http://127.0.0.1:{_web}/readyz")).Output);
        said.AppendLine(File.ReadAllText($"/proc/{gateway.Process.Id}/cmdline"));
        Assert.Equal(0, (await ChildProcess.RunAsync("kill", "-HUP", $"{gateway.Process.Id}")).Code);
        await gateway.Process.WaitForAsync("users reloaded");
        said.AppendLine(string.Join('\n', gateway.Process.Lines));

        // What was heard is what was meant to be heard.
        var all = said.ToString();
        Assert.All(["bridge", "by-file", "anna", "edge_gateway", "gw-1", "installer-password", "ready: "], word => Assert.Contains(word, all, StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));

        void Hear(GatewayCommand command) => said.AppendJoin('\n', command.Output).AppendLine().AppendJoin('\n', command.Errors).AppendLine();
    }

    private async Task<Mosquitto> UpstreamAsync()
    {
        var users = _folder.Of("mosquitto-users");
        Assert.Equal(0, (await ChildProcess.RunAsync("mosquitto_passwd", "-b", "-c", users, "file", FromFile)).Code);
        Assert.Equal(0, (await ChildProcess.RunAsync("mosquitto_passwd", "-b", users, "environment", FromEnvironment)).Code);
        var upstream = new Mosquitto(_folder, "strict", "allow_anonymous false", $"password_file {users}");
        await upstream.StartAsync();
        return upstream;
    }
}
