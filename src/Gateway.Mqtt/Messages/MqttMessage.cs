namespace Gateway.Mqtt;

/// <summary>One application message on its way through the gateway: made once, shared by every queue, never changed.</summary>
/// <remarks>Whoever builds one owns <see cref="Payload"/> and must not write to it afterwards.</remarks>
public sealed record MqttMessage
{
    /// <summary>Topic name, UTF-8, 1..65535 bytes, without wildcards (MQTT 5.0 §4.7).</summary>
    public required string Topic { get; init; }

    public ReadOnlyMemory<byte> Payload { get; init; }

    public QualityOfService Qos { get; init; }

    /// <summary>As the publisher sent it (MQTT 5.0 §3.3.1.3); what a subscriber sees depends on its Retain As Published.</summary>
    public bool Retain { get; init; }

    public MessageProperties Properties { get; init; } = MessageProperties.None;

    /// <summary>Where the message entered this gateway.</summary>
    public MessageOrigin Origin { get; init; }

    /// <summary>Id of the bridge whose upstream asked for this answer: it goes there under its own topic, whatever the rules say. Null: the rules decide.</summary>
    public string? AnswerTo { get; init; }

    /// <summary>When it entered, as a <see cref="TimeProvider.GetTimestamp"/> of this process; the Message Expiry Interval runs from here.</summary>
    public long ReceivedAt { get; init; }
}
