using Gateway.Broker;
using Gateway.EndToEnd.Tests.Broker;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Access;

/// <summary>TLS on the LAN: Debian's clients and ours, certificates that count and those that do not.</summary>
public sealed class TlsListenerTests : IDisposable
{
    private const string ForClients = "extendedKeyUsage=clientAuth";
    private const string ForServers = "extendedKeyUsage=serverAuth\nsubjectAltName=IP:127.0.0.1,DNS:localhost";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tlsv1.2")]
    [InlineData("tlsv1.3")]
    public async Task Tls_WithoutCertificatesOfClients_ServesBothVersions(string version)
    {
        var (authority, listener) = await ListenerAsync(ClientCertificates.None);
        await using var broker = await LanBroker.StartAsync(new() { Listeners = [listener] });

        using var subscriber = ClientTool.Start("mosquitto_sub", "-d", "-h", "127.0.0.1", "-p", $"{broker.Port}", "--cafile", authority.Ca, "--tls-version", version, "-t", "a", "-C", "1");
        await subscriber.ReadUntilAsync("Subscribed");
        await ClientTool.RunAsync("mosquitto_pub", "-h", "127.0.0.1", "-p", $"{broker.Port}", "--cafile", authority.Ca, "--tls-version", version, "-t", "a", "-m", "hello", "-q", "1");

        Assert.Contains("hello", await subscriber.FinishAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Required_OnlyCertificatesThatCountGetIn_AsTheUserTheyName()
    {
        var (authority, listener) = await ListenerAsync(ClientCertificates.Required);
        var other = await Certificates.MakeAsync(_folder, "other");
        var acl = _folder.Write("acl", "user pump-7\ntopic write pump/7\nuser dns.example\ntopic write dns\n");
        await using var broker = await LanBroker.StartAsync(new() { Listeners = [listener], AclFile = acl });

        var good = await authority.SignAsync("pump-7", ForClients);
        var expired = await authority.SignAsync("expired", ForClients, days: -1);
        var wrongUsage = await authority.SignAsync("wrong-usage", "extendedKeyUsage=serverAuth");
        var stranger = await other.SignAsync("stranger", ForClients);

        Assert.Equal(ReasonCode.NoMatchingSubscribers, await PublishAsync(broker, authority, good, "pump/7"));
        Assert.Equal(ReasonCode.NotAuthorized, await PublishAsync(broker, authority, good, "pump/8"));
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await PublishAsync(broker, authority, await authority.SignAsync("", ForClients + "\nsubjectAltName=DNS:dns.example"), "dns"));
        foreach (var refused in new (string, string)?[] { expired, wrongUsage, stranger, null })
        {
            Assert.Null(await PublishAsync(broker, authority, refused, "pump/7"));
            Assert.NotEqual(0, await PubAsync(broker, authority, refused));
        }

        Assert.Equal(0, await PubAsync(broker, authority, good));
        Assert.NotEqual(0, await PubAsync(broker, authority, good, "-u", "somebody-else", "-P", "x"));
    }

    [Fact]
    public async Task Optional_WithAndWithoutACertificate_BothGetIn()
    {
        var (authority, listener) = await ListenerAsync(ClientCertificates.Optional);
        var acl = _folder.Write("acl", "topic write anybody\nuser pump-7\ntopic write pump/7\n");
        await using var broker = await LanBroker.StartAsync(new() { Listeners = [listener], AclFile = acl });

        Assert.Equal(ReasonCode.NoMatchingSubscribers, await PublishAsync(broker, authority, await authority.SignAsync("pump-7", ForClients), "pump/7"));
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await PublishAsync(broker, authority, null, "anybody"));
        Assert.Equal(ReasonCode.NotAuthorized, await PublishAsync(broker, authority, null, "pump/7"));
        Assert.Null(await PublishAsync(broker, authority, await (await Certificates.MakeAsync(_folder, "other")).SignAsync("stranger", ForClients), "anybody"));
    }

    [Fact]
    public async Task Reload_OtherCertificate_IsShownToNewClientsAndTheOldOnesStay()
    {
        var (first, listener) = await ListenerAsync(ClientCertificates.None);
        await using var broker = await LanBroker.StartAsync(new() { Listeners = [listener] });
        using var subscriber = ClientTool.Start("mosquitto_sub", "-d", "-h", "127.0.0.1", "-p", $"{broker.Port}", "--cafile", first.Ca, "-t", "a", "-C", "1");
        await subscriber.ReadUntilAsync("Subscribed");

        var second = await Certificates.MakeAsync(_folder, "second");
        var (certificate, key) = await second.SignAsync("renewed", ForServers);
        File.Copy(certificate, listener.Tls!.Certificate, overwrite: true);
        Assert.Contains("cannot be used", Assert.Single(broker.Broker.Reload()).Wrong, StringComparison.Ordinal);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await PublishAsync(broker, first, null, "b"));
        File.Copy(key, listener.Tls.Key!, overwrite: true);
        Assert.Empty(broker.Broker.Reload());

        Assert.Null(await PublishAsync(broker, first, null, "a"));
        Assert.Equal(ReasonCode.Success, await PublishAsync(broker, second, null, "a"));
        await subscriber.FinishAsync();
    }

    [Fact]
    public async Task Expiry_IsToldThirtyDaysAhead_InCheckLogAlertsStatusAndMetrics()
    {
        var (authority, listener) = await ListenerAsync(ClientCertificates.None, days: 10);
        var (port, web) = (Ports.Free(), Ports.Free());
        await using var gateway = new GatewayProcess(_folder, Configuration(listener, port) + $"http: {{ port: {web} }}\n");
        Assert.Contains("expires on", Assert.Single((await GatewayCommand.RunAsync("check", "--config", gateway.Configuration)).Errors), StringComparison.Ordinal);
        await gateway.StartAsync();

        await gateway.Process.WaitForAsync("alert certificate-expires: the certificate ");
        var notices = (await gateway.StatusAsync()).Report.GetProperty("broker").GetProperty("access").EnumerateArray().Select(n => n.GetProperty("text").GetString());
        Assert.Contains(notices, n => n!.Contains("expires on", StringComparison.Ordinal));
        var (_, metrics) = await ChildProcess.RunAsync("curl", "-s", $"http://127.0.0.1:{web}/metrics");
        var remaining = Assert.Single(metrics.Split('\n'), static l => l.StartsWith("edge_gateway_broker_certificate_remaining_seconds{", StringComparison.Ordinal));
        Assert.InRange(double.Parse(remaining.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture) / 86_400, 9, 10);
        await ClientTool.RunAsync("mosquitto_pub", "-h", "127.0.0.1", "-p", $"{port}", "--cafile", authority.Ca, "-t", "a", "-m", "x", "-q", "1");
    }

    [Fact]
    public async Task Files_ThatDoNotFit_AreNamedByCheckAndStopTheStart()
    {
        var (authority, listener) = await ListenerAsync(ClientCertificates.None);
        var (_, otherKey) = await authority.SignAsync("other-server", ForServers);
        var (clientCertificate, clientKey) = await authority.SignAsync("client", ForClients);
        var tls = listener.Tls!;
        foreach (var (wrong, named) in new[]
        {
            (tls with { Key = otherKey }, tls.Certificate),
            (tls with { Certificate = _folder.Of("nowhere.crt") }, _folder.Of("nowhere.crt")),
            (tls with { Certificate = _folder.Write("text.crt", "no certificate") }, _folder.Of("text.crt")),
            (tls with { Certificate = clientCertificate, Key = clientKey }, "no certificate for servers"),
        })
        {
            var path = _folder.Write("wrong.yaml", Configuration(listener with { Tls = wrong }, Ports.Free()));
            var check = await GatewayCommand.RunAsync("check", "--config", path);
            Assert.Equal(78, check.Code);
            Assert.Contains(check.Errors, l => l.StartsWith($"{path}:2:", StringComparison.Ordinal) && l.Contains(named, StringComparison.Ordinal));
            Assert.Contains(named, (await GatewayCommand.RunAsync("run", "--config", path)).Refusal(), StringComparison.Ordinal);
        }
    }

    private static string Configuration(ListenerOptions listener, int port) => $$"""
        gateway: { id: gw-1, data: data, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{port}}, tls: { certificate: {{listener.Tls!.Certificate}}, key: {{listener.Tls.Key}} } }] }

        """;

    private async Task<(Certificates Authority, ListenerOptions Listener)> ListenerAsync(ClientCertificates clients, int days = 60)
    {
        var authority = await Certificates.MakeAsync(_folder, "site");
        var (certificate, key) = await authority.SignAsync("server", ForServers, days);
        var tls = new ListenerTlsOptions { Certificate = certificate, Key = key, ClientCa = clients == ClientCertificates.None ? null : authority.Ca, Clients = clients };
        return (authority, new ListenerOptions { Port = 0, Tls = tls });
    }

    /// <summary>With our own client.</summary>
    /// <returns>null: it did not get in.</returns>
    private static async Task<ReasonCode?> PublishAsync(LanBroker broker, Certificates server, (string Certificate, string Key)? own, string topic)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (client, _) = await MqttClient.ConnectAsync(
            new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, Tls = new TlsFiles(server.Ca, own?.Certificate, own?.Key) }, TimeProvider.System, patience.Token);
        if (client is null)
        {
            return null;
        }

        await using (client)
        {
            var running = client.RunAsync(new DeliveringHandler(static _ => { }), patience.Token);
            var code = await client.PublishAsync(new MqttMessage { Topic = topic, Qos = QualityOfService.AtLeastOnce }, retain: false, patience.Token);
            await patience.CancelAsync();
            await running;
            return code;
        }
    }

    private static async Task<int> PubAsync(LanBroker broker, Certificates server, (string Certificate, string Key)? own, params string[] more)
    {
        string[] certificate = own is { } c ? ["--cert", c.Certificate, "--key", c.Key] : [];
        var (code, _) = await ChildProcess.RunAsync(
            "mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{broker.Port}", "--cafile", server.Ca, .. certificate, .. more, "-t", "pump/7", "-m", "x", "-q", "1"]);
        return code;
    }
}
