using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>One message on its way to one session.</summary>
/// <param name="Shared">The message; whoever takes the delivery out of the world releases it.</param>
/// <param name="Qos">The lower one of message and subscription (MQTT 5.0 §3.8.4).</param>
/// <param name="Retain">RETAIN as this session shall see it (§3.3.1.3).</param>
/// <param name="Identifiers">Of its subscriptions that matched (MQTT-3.3.4-3, -4); null: none has one.</param>
internal readonly record struct Delivery(SharedMessage Shared, QualityOfService Qos, bool Retain, SubscriptionIdentifiers? Identifiers = null)
{
    public MqttMessage Message => Shared.Message;

    /// <summary>What it weighs in its session's queue.</summary>
    public int Cost => Shared.Cost;
}
