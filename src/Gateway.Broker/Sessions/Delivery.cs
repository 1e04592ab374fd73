using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>One message on its way to one session.</summary>
/// <param name="Message">Shared by all who get it.</param>
/// <param name="Qos">The lower one of message and subscription (MQTT 5.0 §3.8.4).</param>
/// <param name="Retain">RETAIN as this session shall see it (§3.3.1.3).</param>
/// <param name="Cost">Bytes that it counts for in queues; see <see cref="Delivery.CostOf"/>.</param>
internal readonly record struct Delivery(MqttMessage Message, QualityOfService Qos, bool Retain, int Cost)
{
    /// <summary>Objects and queue slots around a message, roughly.</summary>
    private const int Overhead = 160;

    /// <summary>Most bytes that a UTF-16 code unit takes in UTF-8.</summary>
    private const int BytesPerChar = 3;

    /// <summary>Identifier and length before each string of a property.</summary>
    private const int PropertyOverhead = 8;

    /// <summary>Bytes in memory, rounded up so that no encoded PUBLISH of the message is ever larger.</summary>
    public static int CostOf(MqttMessage message)
    {
        var cost = Overhead + message.Payload.Length + (BytesPerChar * message.Topic.Length);
        var properties = message.Properties;
        if (ReferenceEquals(properties, MessageProperties.None))
        {
            return cost;
        }

        cost += (BytesPerChar * ((properties.ContentType?.Length ?? 0) + (properties.ResponseTopic?.Length ?? 0))) + (properties.CorrelationData?.Length ?? 0);
        for (var i = 0; i < properties.UserProperties.Count; i++)
        {
            var (name, value) = properties.UserProperties[i];
            cost += PropertyOverhead + (BytesPerChar * (name.Length + value.Length));
        }

        return cost;
    }
}
