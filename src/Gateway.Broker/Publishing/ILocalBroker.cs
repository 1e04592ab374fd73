using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>The one door through which every message enters the LAN: readings, clients, bridges.</summary>
public interface ILocalBroker
{
    /// <summary>Guards against loops, appends to the streams that want the message, stores retained, delivers. Never blocks; any thread.</summary>
    /// <param name="message">The message; its <see cref="MqttMessage.Origin"/> says who published.</param>
    /// <param name="acknowledged">Whether somebody waits for durability (QoS above 0, or an import).</param>
    PublishResult Publish(MqttMessage message, bool acknowledged);

    /// <summary>Subscribes within the process. <paramref name="deliver"/> is called on the publisher's thread and must neither block nor throw.</summary>
    /// <param name="filter">Topic filter (MQTT 5.0 §4.7).</param>
    /// <param name="deliver">Gets each matching message published from now on.</param>
    IDisposable Subscribe(string filter, Action<MqttMessage> deliver);

    /// <summary>Adds a bridge that wants to name streams for what is published.</summary>
    void Attach(IForwardTarget target);

    /// <summary>Adds one who takes messages in before they are delivered (commands).</summary>
    void Attach(IPublishInterceptor interceptor);
}

/// <summary>What came of a publish.</summary>
public enum PublishStatus : byte
{
    /// <summary>Delivered; acknowledge once <see cref="PublishResult.RequiredLsn"/> is durable.</summary>
    Accepted,

    /// <summary>As <see cref="Accepted"/>, and nobody wanted it (PUBACK 0x10, MQTT 5.0 §3.4.2.1).</summary>
    NoMatchingSubscribers,

    /// <summary>It had been here before: counted and dropped, but acknowledged, else its sender would repeat it for ever.</summary>
    Looped,

    /// <summary>A full stream refuses it (PUBACK 0x97).</summary>
    QuotaExceeded,

    /// <summary>The disk fails (PUBACK 0x83).</summary>
    StorageFailed,
}

/// <param name="Status">What came of it.</param>
/// <param name="RequiredLsn">What must be durable before the publisher gets its acknowledgement; 0: nothing.</param>
public readonly record struct PublishResult(PublishStatus Status, long RequiredLsn);
