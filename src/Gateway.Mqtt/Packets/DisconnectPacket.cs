using System.Buffers;

namespace Gateway.Mqtt;

/// <summary>DISCONNECT (MQTT 5.0 §3.14); before 5.0 it is empty and only clients send it.</summary>
/// <param name="ReasonCode">Why.</param>
/// <param name="SessionExpiryInterval">Seconds; null: as in CONNECT (§3.14.2.2.2).</param>
/// <param name="ReasonString">For people; null: absent.</param>
/// <param name="ServerReference">Where to go instead; null: absent.</param>
public sealed record DisconnectPacket(
    ReasonCode ReasonCode = ReasonCode.Success, uint? SessionExpiryInterval = null, string? ReasonString = null, string? ServerReference = null)
{
    private static readonly ulong s_allowed = PacketProperties.Set(
        PropertyId.SessionExpiryInterval, PropertyId.ReasonString, PropertyId.UserProperty, PropertyId.ServerReference);

    public static ReasonCode TryDecode(byte header, ReadOnlySpan<byte> body, ProtocolVersion version, out DisconnectPacket packet)
    {
        packet = new DisconnectPacket();
        var reader = new PacketReader(body);
        if ((header & 0x0F) != 0 || (version < ProtocolVersion.V500 && !reader.IsAtEnd))
        {
            return ReasonCode.MalformedPacket;
        }

        var code = reader.IsAtEnd ? ReasonCode.Success : (ReasonCode)reader.Byte();
        var properties = PacketProperties.None;
        if (!reader.IsAtEnd && PacketProperties.TryRead(ref reader, s_allowed, out properties) is var wrong and not ReasonCode.Success)
        {
            return wrong;
        }

        packet = new DisconnectPacket(code, properties.SessionExpiryInterval, properties.ReasonString, properties.ServerReference);
        return reader.IsAtEnd ? ReasonCode.Success : ReasonCode.MalformedPacket;
    }

    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        var body = PacketBuilder.Body();
        if (version == ProtocolVersion.V500)
        {
            body.Byte((byte)ReasonCode).Section(PacketBuilder.Properties()
                .Property(PropertyId.SessionExpiryInterval, SessionExpiryInterval)
                .Property(PropertyId.ReasonString, ReasonString)
                .Property(PropertyId.ServerReference, ServerReference));
        }

        body.WriteTo(output, (byte)PacketType.Disconnect << 4);
    }
}
