namespace Gateway.Mqtt;

/// <summary>Delivery guarantee of one hop (MQTT 5.0 §4.3).</summary>
public enum QualityOfService : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}
