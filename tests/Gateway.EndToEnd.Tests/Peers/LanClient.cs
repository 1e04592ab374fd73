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

    public static async Task<LanClient> JoinAsync(int port)
    {
        var (client, failure) = await MqttClient.ConnectAsync(new MqttClientOptions { Host = "127.0.0.1", Port = port }, TimeProvider.System, CancellationToken.None);
        return client is not null ? new LanClient(client) : throw new InvalidOperationException(failure!.Text);
    }

    /// <summary>Publishes at QoS 1.</summary>
    public async Task<ReasonCode> PublishAsync(string topic, byte[] payload)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _client.PublishAsync(new MqttMessage { Topic = topic, Payload = payload, Qos = QualityOfService.AtLeastOnce }, retain: false, patience.Token)
            ?? throw new InvalidOperationException("the connection ended");
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
