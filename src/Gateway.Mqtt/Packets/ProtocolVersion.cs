namespace Gateway.Mqtt;

/// <summary>Protocol Level byte of CONNECT (MQTT 5.0 §3.1.2.2), without the bridge bit.</summary>
public enum ProtocolVersion : byte
{
    /// <summary>MQIsdp.</summary>
    V310 = 3,
    V311 = 4,
    V500 = 5,
}
