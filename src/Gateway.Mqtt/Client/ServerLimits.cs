namespace Gateway.Mqtt;

/// <summary>What the server allows, from CONNACK; absent properties have the specification's defaults (MQTT 5.0 §3.2.2.3).</summary>
/// <param name="ReceiveMaximum">Unacknowledged publishes at QoS 1 and 2.</param>
/// <param name="MaximumPacketSize">Bytes.</param>
/// <param name="MaximumQos">Highest QoS of a publish.</param>
/// <param name="RetainAvailable">Whether retained messages are taken.</param>
/// <param name="WildcardsAvailable">Whether filters with wildcards are taken.</param>
/// <param name="KeepAlive">The interval that holds.</param>
public sealed record ServerLimits(
    int ReceiveMaximum, int MaximumPacketSize, QualityOfService MaximumQos, bool RetainAvailable, bool WildcardsAvailable, TimeSpan KeepAlive)
{
    internal static ServerLimits From(ConnAckPacket packet, TimeSpan keepAlive) => new(
        packet.ReceiveMaximum ?? ushort.MaxValue,
        (int)Math.Min(packet.MaximumPacketSize ?? int.MaxValue, int.MaxValue),
        packet.MaximumQos ?? QualityOfService.ExactlyOnce,
        packet.RetainAvailable ?? true,
        packet.WildcardSubscriptionAvailable ?? true,
        packet.ServerKeepAlive is { } seconds ? TimeSpan.FromSeconds(seconds) : keepAlive);
}
