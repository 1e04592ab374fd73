using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>QoS 0 rules: straight to upstream while there is a connection, dropped and counted otherwise.</summary>
internal sealed class DirectSender(string bridge, BridgeContext context)
{
    private volatile MqttClient? _client;

    /// <summary>The connection; null: none.</summary>
    public MqttClient? Client
    {
        get => _client;
        set => _client = value;
    }

    public int Inflight => _client?.Inflight ?? 0;

    /// <summary>Any thread; never waits.</summary>
    public void Send(MqttMessage message, string topic)
    {
        var sent = false;
        var lifetime = message.Properties.MessageExpiryInterval;
        var remaining = lifetime - (long)context.Time.GetElapsedTime(message.ReceivedAt).TotalSeconds;
        if (_client is { } client && remaining is null or > 0)
        {
            var stamped = message with { Topic = topic, Properties = GatewayIdentity.Stamp(message.Properties, context.GatewayId, identity: null) };
            sent = client.TryPublish(stamped, QualityOfService.AtMostOnce, message.Retain, (uint?)remaining) == SendStatus.Sent;
        }

        context.Metrics.Direct(bridge, sent);
    }
}
