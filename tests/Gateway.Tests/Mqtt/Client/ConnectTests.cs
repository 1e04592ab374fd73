using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt;
using Gateway.Tests.Support;

namespace Gateway.Tests.Mqtt.Client;

public sealed class ConnectTests
{
    [Fact]
    public async Task Connect_NobodyListens_IsRefused()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var failure = await FailureAsync(Options(port));
        Assert.Equal((ConnectFailureKind.Refused, $"nothing listens on 127.0.0.1:{port}"), (failure.Kind, failure.Text));
    }

    [Fact]
    public async Task Connect_UnknownName_IsDns() =>
        Assert.Equal(ConnectFailureKind.Dns, (await FailureAsync(Options(1883) with { Host = "no-such-host.invalid" })).Kind);

    [Theory]
    [InlineData(ReasonCode.BadUserNameOrPassword)]
    [InlineData(ReasonCode.NotAuthorized)]
    [InlineData(ReasonCode.ServerBusy)]
    public async Task Connect_ConnAckWithFailure_IsAValue(ReasonCode code)
    {
        await using var server = new MockServer { OnConnect = _ => new ConnAckPacket { ReasonCode = code, ReasonString = "because" } };
        var failure = await FailureAsync(Options(server.Port));
        Assert.Equal((ConnectFailureKind.Rejected, code), (failure.Kind, failure.ReasonCode));
        Assert.Contains("because", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ClosedInsteadOfConnAck_IsClosed()
    {
        await using var server = new MockServer { OnConnect = static _ => null };
        Assert.Equal(ConnectFailureKind.Closed, (await FailureAsync(Options(server.Port))).Kind);
    }

    [Fact]
    public async Task Connect_SilentServer_TimesOut()
    {
        var time = new FakeTime();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connecting = MqttClient.ConnectAsync(Options(((IPEndPoint)listener.LocalEndpoint).Port), time, default);
        using var accepted = await listener.AcceptTcpClientAsync().Soon();
        await accepted.GetStream().ReadAsync(new byte[1]).AsTask().Soon();
        time.Advance(MqttClientOptions.DefaultConnectTimeout);
        var failure = (await connecting.Soon()).Failure!;
        Assert.Equal(ConnectFailureKind.Timeout, failure.Kind);
        Assert.Contains("waiting for CONNACK", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_NotMqtt_IsProtocol()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connecting = MqttClient.ConnectAsync(Options(((IPEndPoint)listener.LocalEndpoint).Port), TimeProvider.System, default);
        using var accepted = await listener.AcceptTcpClientAsync().Soon();
        await accepted.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n                                                                            "u8.ToArray());
        Assert.Equal(ConnectFailureKind.Protocol, (await connecting.Soon()).Failure!.Kind);
    }

    [Fact]
    public async Task Connect_WhatIsAsked_IsOnTheWire()
    {
        await using var server = new MockServer();
        var will = new Will(new MqttMessage { Topic = "w", Payload = "gone"u8.ToArray(), Qos = QualityOfService.AtLeastOnce, Retain = true }, 10);
        var (client, _) = await MqttClient.ConnectAsync(
            Options(server.Port) with { ClientId = "gw", Username = "u", Password = "p", CleanStart = false, SessionExpirySeconds = 600, Will = will }, TimeProvider.System, default).Soon();
        await using var owned = client!;
        var connect = (await server.NextAsync()).Connect;
        Assert.Equal(("gw", "u", false, 600u, 10u), (connect.ClientId, connect.Username, connect.CleanStart, connect.SessionExpiryInterval!.Value, connect.Will!.DelayInterval));
        Assert.Equal((ushort)30, connect.KeepAlive);
    }

    [Fact]
    public async Task Connect_CaFileMissing_IsNamed()
    {
        var failure = await FailureAsync(Options(1) with { Tls = new TlsFiles("/nowhere/ca.crt") });
        Assert.Equal(ConnectFailureKind.TlsFiles, failure.Kind);
        Assert.Contains("/nowhere/ca.crt", failure.Text, StringComparison.Ordinal);
    }

    private static MqttClientOptions Options(int port) => new() { Host = "127.0.0.1", Port = port };

    private static async Task<ConnectFailure> FailureAsync(MqttClientOptions options) =>
        (await MqttClient.ConnectAsync(options, TimeProvider.System, default).Soon()).Failure!;
}
