using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Bridge;

/// <summary>TLS against Mosquitto: what works, and what the error says when it does not.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bridge-tls-").FullName;

    public async ValueTask InitializeAsync()
    {
        await TestCertificates.AuthorityAsync(_folder, "ca");
        await TestCertificates.AuthorityAsync(_folder, "other");
        await TestCertificates.SignAsync(_folder, "ca", "server", "DNS:localhost");
        await TestCertificates.SignAsync(_folder, "ca", "elsewhere", "DNS:broker.example");
        await TestCertificates.SignAsync(_folder, "ca", "expired", "DNS:localhost", -1);
        await TestCertificates.SignAsync(_folder, "ca", "gw", "DNS:gw");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Connect_KnownAuthority_Works()
    {
        await using var broker = await BrokerAsync("server");
        Assert.Null(await ConnectAsync(broker, new TlsFiles(Of("ca.crt"))));
    }

    [Fact]
    public async Task Connect_ClientCertificate_IsAsked()
    {
        await using var broker = await BrokerAsync("server", "require_certificate true");
        Assert.Null(await ConnectAsync(broker, new TlsFiles(Of("ca.crt"), Of("gw.crt"), Of("gw.key"))));
        Assert.Contains((await ConnectAsync(broker, new TlsFiles(Of("ca.crt"))))!.Kind, new[] { ConnectFailureKind.Tls, ConnectFailureKind.Closed });
    }

    [Theory]
    [InlineData("server", "other.crt", "signed by \"ca authority\", which is not in the file")]
    [InlineData("server", null, "which this system does not know")]
    [InlineData("elsewhere", "ca.crt", "is for broker.example, not for localhost")]
    [InlineData("expired", "ca.crt", "the certificate of \"expired\" expired on")]
    public async Task Connect_WrongCertificate_CauseIsNamed(string server, string? ca, string expected)
    {
        await using var broker = await BrokerAsync(server);
        var failure = await ConnectAsync(broker, new TlsFiles(ca is null ? null : Of(ca)));
        Assert.Equal(ConnectFailureKind.Tls, failure!.Kind);
        Assert.Contains(expected, failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ExpiredWhileTheClockIsUntrusted_NamesTheClock()
    {
        await using var broker = await BrokerAsync("expired");
        var failure = await ConnectAsync(broker, new TlsFiles(Of("ca.crt")), isClockTrusted: false);
        Assert.Contains("clock", failure!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_PlainToATlsPort_IsAFailureThatHintsAtIt()
    {
        await using var broker = await BrokerAsync("server");
        Assert.Equal(ConnectFailureKind.Closed, (await ConnectAsync(broker, null))!.Kind);
    }

    private string Of(string file) => Path.Combine(_folder, file);

    private Task<MosquittoUpstream> BrokerAsync(string certificate, string more = "") => MosquittoUpstream.StartAsync(_ =>
        $"allow_anonymous true\ncafile {Of("ca.crt")}\ncertfile {Of(certificate + ".crt")}\nkeyfile {Of(certificate + ".key")}\n{more}");

    private static async Task<ConnectFailure?> ConnectAsync(MosquittoUpstream broker, TlsFiles? files, bool isClockTrusted = true)
    {
        var (client, failure) = await MqttClient.ConnectAsync(
            new MqttClientOptions { Host = "localhost", Port = broker.Port, Tls = files, IsClockTrusted = () => isClockTrusted }, TimeProvider.System, default);
        if (client is not null)
        {
            await client.DisposeAsync();
        }

        return failure;
    }
}
