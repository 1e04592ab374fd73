using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>A client of the LAN broker that sees each answer's reason code, which paho 1.6 does not show.</summary>
internal sealed class LanClient : IAsyncDisposable
{
    private readonly MqttClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private LanClient(MqttClient client)
    {
        _client = client;
        _running = client.RunAsync(new DeliveringHandler(static _ => { }), _stop.Token);
    }

    public static async Task<LanClient> JoinAsync(int port, ProtocolVersion version = ProtocolVersion.V500)
    {
        var options = new MqttClientOptions { Host = "127.0.0.1", Port = port, Version = version, ClientId = $"lan-{Guid.NewGuid():N}" };
        var (client, failure) = await MqttClient.ConnectAsync(options, TimeProvider.System, CancellationToken.None);
        return client is not null ? new LanClient(client) : throw new InvalidOperationException(failure!.Text);
    }

    /// <summary>Publishes at QoS 1.</summary>
    public async Task<ReasonCode> PublishAsync(string topic, byte[] payload, uint? expiry = null) =>
        await TryPublishAsync(topic, payload, expiry) ?? throw new InvalidOperationException("the connection ended");

    /// <summary>Publishes at QoS 1.</summary>
    /// <returns>null: the connection ended.</returns>
    public async Task<ReasonCode?> TryPublishAsync(string topic, byte[] payload, uint? expiry = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var properties = new MessageProperties { MessageExpiryInterval = expiry };
        return await _client.PublishAsync(
            new MqttMessage { Topic = topic, Payload = payload, Qos = QualityOfService.AtLeastOnce, Properties = properties }, retain: false, patience.Token);
    }

    public void PublishAtMostOnce(string topic, byte[] payload) =>
        Assert.Equal(SendStatus.Sent, _client.TryPublish(new MqttMessage { Topic = topic, Payload = payload }, QualityOfService.AtMostOnce, retain: false, expiry: null));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _client.DisposeAsync();
        await _running;
        _stop.Dispose();
    }
}
