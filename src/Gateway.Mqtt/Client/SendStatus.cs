namespace Gateway.Mqtt;

/// <summary>What came of handing a message to the client.</summary>
public enum SendStatus : byte
{
    /// <summary>On its way; at QoS 1 <see cref="IMqttClientHandler.OnPublished"/> follows, unless the connection ends first.</summary>
    Sent,

    /// <summary>The window (Receive Maximum) or the write buffer is full: try again after an answer.</summary>
    Full,

    /// <summary>Larger than the server's Maximum Packet Size (MQTT 5.0 §3.2.2.3.6): it will never go.</summary>
    TooLarge,

    /// <summary>Above the server's Maximum QoS (§3.2.2.3.4): it will never go.</summary>
    QosNotSupported,

    /// <summary>The server takes no retained messages (§3.2.2.3.5): it will never go.</summary>
    RetainNotSupported,

    /// <summary>The connection has ended.</summary>
    Closed,
}
