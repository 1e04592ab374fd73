namespace Gateway.Mqtt;

/// <summary>AUTH (MQTT 5.0 §3.15). Extended authentication is not offered; it is decoded so that it can be refused properly.</summary>
public sealed record AuthPacket(ReasonCode ReasonCode)
{
    private static readonly ulong s_allowed = PacketProperties.Set(
        PropertyId.AuthenticationMethod, PropertyId.AuthenticationData, PropertyId.ReasonString, PropertyId.UserProperty);

    public static ReasonCode TryDecode(byte header, ReadOnlySpan<byte> body, out AuthPacket packet)
    {
        packet = new AuthPacket(ReasonCode.Success);
        var reader = new PacketReader(body);
        if ((header & 0x0F) != 0)
        {
            return ReasonCode.MalformedPacket;
        }

        var code = reader.IsAtEnd ? ReasonCode.Success : (ReasonCode)reader.Byte();
        if (!reader.IsAtEnd && PacketProperties.TryRead(ref reader, s_allowed, out _) is var wrong and not ReasonCode.Success)
        {
            return wrong;
        }

        packet = new AuthPacket(code);
        return reader.IsAtEnd ? ReasonCode.Success : ReasonCode.MalformedPacket;
    }
}
