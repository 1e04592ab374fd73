using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Faults;

/// <summary>Remote faults while it runs: each is a state and a message with what to do, and the rest works on.</summary>
public sealed class UpstreamFaultTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ManyUpstreams_EachWithItsFault_AreToldAndTheGoodOneIsFed()
    {
        await using var good = new Mosquitto(_folder);
        await good.StartAsync();
        await using var strict = await StartStrictAsync();
        await using var mute = new SilentServer(answersConnect: false);
        await using var silent = new SilentServer(answersConnect: true);
        await using var backend = await Collector.StartAsync(good.Port, "backend", ["lan/#"]);
        _folder.Write("secret", "wrong\n");
        await using var gateway = new GatewayProcess(_folder, Configuration($$"""
            links: [{ id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{Ports.Free()}}, timeout: 200ms }]
            devices: [{ id: boiler, link: plc, points: [{ id: t, register: holding 1 }] }]
            bridges:
              - { id: good, servers: ["mqtt://127.0.0.1:{{good.Port}}"], forward: [{ filter: "lan/#" }] }
              - { id: nobody, servers: ["mqtt://127.0.0.1:{{Ports.Free()}}"], forward: [{ filter: "lan/#" }] }
              - { id: nameless, servers: ["mqtt://no-such-host.invalid"], forward: [{ filter: "lan/#" }] }
              - { id: stranger, servers: ["mqtt://127.0.0.1:{{strict.Port}}"], username: gw, password: { file: secret }, forward: [{ filter: "lan/#" }] }
              - { id: mute, servers: ["mqtt://127.0.0.1:{{mute.Port}}"], forward: [{ filter: "lan/#" }] }
              - { id: silent, servers: ["mqtt://127.0.0.1:{{silent.Port}}"], forward: [{ filter: "lan/#" }] }
            """));
        await gateway.StartAsync();
        await using var client = await LanClient.JoinAsync(_port);
        await client.PublishAsync("lan/1", "1"u8.ToArray());
        await backend.WaitForAsync("lan/1");

        foreach (var part in (string[])["Bridge nobody: nothing listens on", "Bridge nameless: the name no-such-host.invalid has no address", "Bridge stranger: ", "Bridge mute: ", "Bridge silent: ", "boiler"])
        {
            Assert.Contains("warn: ", await gateway.Process.WaitForAsync(l => l.Contains(part, StringComparison.Ordinal) && l.Contains("warn: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        }

        await client.PublishAsync("lan/2", "2"u8.ToArray());
        await backend.WaitForAsync("lan/2");
        var (code, report) = await gateway.StatusAsync();
        Assert.Equal(1, code);
        var device = report.GetProperty("devices")[0];
        Assert.Equal("offline", device.GetProperty("status").GetString());
        Assert.NotEmpty(device.GetProperty("reason").GetString()!);
        Assert.NotEmpty(device.GetProperty("remedy").GetString()!);
        var bridges = report.GetProperty("bridges").EnumerateArray().ToDictionary(b => b.GetProperty("id").GetString()!);
        Assert.Equal("connected", bridges["good"].GetProperty("state").GetString());
        Expect("nobody", "nothing listens on", "check the port in servers");
        Expect("nameless", "has no address", "check the name in servers");
        Expect("stranger", "0x87", "username and password");
        Expect("mute", "did not answer within 15 s", "check the network");
        var waiting = report.GetProperty("storage").GetProperty("streams").EnumerateArray().ToDictionary(s => s.GetProperty("stream").GetString()!, s => s.GetProperty("waiting").GetInt32());
        Assert.Equal(0, waiting["good.telemetry"]);
        Assert.True(waiting["nobody.telemetry"] >= 2, "what nobody takes waits");
        Assert.Equal(0, await gateway.StopAsync());

        void Expect(string bridge, string reason, string remedy)
        {
            Assert.Contains(reason, bridges[bridge].GetProperty("text").GetString(), StringComparison.Ordinal);
            Assert.Contains(remedy, bridges[bridge].GetProperty("remedy").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Topic_DeniedUpstream_IsARefusedGapAndTheQueueGoesOn()
    {
        _folder.Write("acl", "topic readwrite #\ntopic deny lan/denied/#\n");
        await using var upstream = new Mosquitto(_folder, "upstream", $"acl_file {_folder.Of("acl")}");
        await upstream.StartAsync();
        await using var backend = await Collector.StartAsync(upstream.Port, "backend", ["#"]);
        await using var gateway = new GatewayProcess(_folder, Configuration(
            $"bridges: [{{ id: cloud, servers: [\"mqtt://127.0.0.1:{upstream.Port}\"], forward: [{{ filter: \"lan/#\" }}] }}]"));
        await gateway.StartAsync();
        await using var lan = await Collector.StartAsync(_port, "lan", ["edge/gateways/gw-1/alerts"]);
        await using var client = await LanClient.JoinAsync(_port);

        await client.PublishAsync("lan/ok/1", "1"u8.ToArray());
        await client.PublishAsync("lan/denied/1", "2"u8.ToArray());
        await client.PublishAsync("lan/ok/2", "3"u8.ToArray());

        await backend.WaitForAsync("lan/ok/2");
        var gap = (await backend.WaitForAsync("edge/gateways/gw-1/gaps")).Json;
        Assert.Equal(("refused", 2, 2), (gap.GetProperty("reason").GetString(), gap.GetProperty("from").GetInt32(), gap.GetProperty("to").GetInt32()));
        var alert = (await lan.WaitForAsync("edge/gateways/gw-1/alerts")).Json;
        Assert.Equal("bridge-refused", alert.GetProperty("kind").GetString());
        Assert.Contains("lan/denied/1", alert.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(alert.GetProperty("remedy").GetString()!);
        await backend.WaitForAsync("edge/gateways/gw-1/alerts");
        Assert.DoesNotContain(backend.Messages, m => m.Topic.StartsWith("lan/denied", StringComparison.Ordinal));
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task Tls_GoodIsUsed_UnknownAuthorityAndWrongNameAreToldWithTheRemedy()
    {
        var ours = await Certificates.MakeAsync(_folder, "ours");
        var theirs = await Certificates.MakeAsync(_folder, "theirs");
        var server = await ours.SignAsync("server", "subjectAltName=IP:127.0.0.1");
        var misnamed = await ours.SignAsync("misnamed", "subjectAltName=DNS:elsewhere.example");
        var client = await ours.SignAsync("gateway", "extendedKeyUsage=clientAuth");
        await using var good = StartTls("good", server, "require_certificate true", "use_identity_as_username true");
        await using var other = StartTls("other", misnamed);
        await good.StartAsync();
        await other.StartAsync();
        var own = $"certificate: {client.Certificate}, key: {client.Key}";
        await using var gateway = new GatewayProcess(_folder, Configuration($$"""
            bridges:
              - { id: good, servers: ["mqtts://127.0.0.1:{{good.Port}}"], tls: { ca: {{ours.Ca}}, {{own}} }, forward: [{ filter: "lan/#" }], import: [{ filter: "down/#" }] }
              - { id: strange, servers: ["mqtts://127.0.0.1:{{good.Port}}"], client-id: strange, tls: { ca: {{theirs.Ca}}, {{own}} }, forward: [{ filter: "lan/#" }] }
              - { id: misnamed, servers: ["mqtts://127.0.0.1:{{other.Port}}"], tls: { ca: {{ours.Ca}} }, forward: [{ filter: "lan/#" }] }
              - { id: unproven, servers: ["mqtts://127.0.0.1:{{good.Port}}"], client-id: unproven, tls: { ca: {{ours.Ca}} }, forward: [{ filter: "lan/#" }] }
            """));
        await gateway.StartAsync();

        Assert.Contains("signed by \"ours authority\", which is not in the file that tls: { ca: … } names", await WarningAsync("strange"), StringComparison.Ordinal);
        Assert.Contains("is for elsewhere.example, not for 127.0.0.1", await WarningAsync("misnamed"), StringComparison.Ordinal);
        Assert.Contains("certificate", await WarningAsync("unproven"), StringComparison.Ordinal);
        await good.WaitForAsync("gw-1 1 down/#");
        await using var lan = await LanClient.JoinAsync(_port);
        await lan.PublishAsync("lan/1", "1"u8.ToArray());
        await good.WaitForAsync("'lan/1'");
        Assert.Equal(0, await gateway.StopAsync());

        Mosquitto StartTls(string name, (string Certificate, string Key) pair, params string[] lines) =>
            new(_folder, name, [$"cafile {ours.Ca}", $"certfile {pair.Certificate}", $"keyfile {pair.Key}", .. lines]);

        Task<string> WarningAsync(string bridge) => gateway.Process.WaitForAsync($"Bridge {bridge}: ");
    }

    [Fact]
    public async Task Clock_Before2020_IsToldAndReadingsFlow()
    {
        var authority = await Certificates.MakeAsync(_folder, "ours");
        var server = await authority.SignAsync("server", "subjectAltName=IP:127.0.0.1");
        await using var secure = new Mosquitto(_folder, "secure", $"cafile {authority.Ca}", $"certfile {server.Certificate}", $"keyfile {server.Key}");
        await secure.StartAsync();
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();
        await using var backend = await Collector.StartAsync(upstream.Port, "backend", ["#"]);
        await using var device = Simulators.ModbusTcpServer.Start();
        device.Unit(1).SetRegister(Adapters.Modbus.RegisterSpace.Holding, 1, 42);
        await using var gateway = new GatewayProcess(_folder, Configuration($$"""
            links: [{ id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{device.Endpoint.Port}} }]
            devices: [{ id: boiler, link: plc, unit-id: 1, points: [{ id: t, register: holding 1 }] }]
            bridges:
              - { id: cloud, servers: ["mqtt://127.0.0.1:{{upstream.Port}}"], forward: [standard] }
              - { id: secure, servers: ["mqtts://127.0.0.1:{{secure.Port}}"], tls: { ca: {{authority.Ca}} }, forward: [standard] }
            """));
        await gateway.StartAsync(new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
            ["FAKETIME"] = "@2019-05-01 00:00:00",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        });

        await gateway.Process.WaitForAsync("the clock cannot be trusted: the clock says 2019-05-01: set it, or let NTP reach a server");
        var reading = (await backend.WaitForAsync("edge/boiler/telemetry/t")).Json;
        Assert.Equal((42, "unsynced"), (reading.GetProperty("v").GetInt32(), reading.GetProperty("clock").GetString()));
        Assert.Contains("is not synchronised: check the clock first", await gateway.Process.WaitForAsync("Bridge secure: "), StringComparison.Ordinal);
        await backend.WaitForAsync("edge/boiler/status");
        var (_, report) = await gateway.StatusAsync();
        Assert.Equal("unsynced", report.GetProperty("gateway").GetProperty("clock").GetString());
        Assert.Contains("NTP", report.GetProperty("gateway").GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.StopAsync());
    }

    private async Task<Mosquitto> StartStrictAsync()
    {
        var (code, output) = await ChildProcess.RunAsync("mosquitto_passwd", "-c", "-b", _folder.Of("users"), "gw", "right");
        Assert.True(code == 0, output);
        var strict = new Mosquitto(_folder, "strict", "allow_anonymous false", $"password_file {_folder.Of("users")}");
        await strict.StartAsync();
        return strict;
    }

    private string Configuration(string rest) => $$"""
        gateway: { id: gw-1, data: data }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }] }
        {{rest}}

        """;
}
