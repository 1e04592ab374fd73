namespace Gateway.Mqtt;

/// <summary>The flags of PUBREL, SUBSCRIBE and UNSUBSCRIBE (MQTT 5.0 §2.1.3).</summary>
internal static class RequestFlags
{
    private const int Required = 0b0010;

    /// <summary>In 3.1 they are PUBLISH's (QoS 1), and who repeats a request sets DUP (3.1 §2.1).</summary>
    private const int Dup = 0b1000;

    public static bool IsValid(byte header, ProtocolVersion version) =>
        (header & 0x0F) == Required || (version == ProtocolVersion.V310 && (header & 0x0F) == (Required | Dup));
}
