using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Mqtt;

/// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP (MQTT 5.0 §3.4 to §3.7).</summary>
/// <param name="Type">Which of the four.</param>
/// <param name="PacketId">The PUBLISH that it is about.</param>
/// <param name="ReasonCode">Success before 5.0.</param>
/// <param name="ReasonString">For people; null: absent.</param>
public readonly record struct AckPacket(PacketType Type, ushort PacketId, ReasonCode ReasonCode = ReasonCode.Success, string? ReasonString = null)
{
    private static readonly ulong s_allowed = PacketProperties.Set(PropertyId.ReasonString, PropertyId.UserProperty);

    public static ReasonCode TryDecode(byte header, ReadOnlySpan<byte> body, ProtocolVersion version, out AckPacket packet)
    {
        packet = default;
        var type = (PacketType)(header >> 4);

        // MQTT-3.6.1-1: PUBREL has the flags 0010.
        if (type == PacketType.PubRel ? !RequestFlags.IsValid(header, version) : (header & 0x0F) != 0)
        {
            return ReasonCode.MalformedPacket;
        }

        var reader = new PacketReader(body);
        var id = reader.UInt16();
        if (reader.Failed || id == 0 || (version < ProtocolVersion.V500 && !reader.IsAtEnd))
        {
            return ReasonCode.MalformedPacket;
        }

        var code = reader.IsAtEnd ? ReasonCode.Success : (ReasonCode)reader.Byte();
        var properties = PacketProperties.None;
        if (!reader.IsAtEnd && PacketProperties.TryRead(ref reader, s_allowed, out properties) is var wrong and not ReasonCode.Success)
        {
            return wrong;
        }

        packet = new AckPacket(type, id, code, properties.ReasonString);
        return reader.IsAtEnd ? ReasonCode.Success : ReasonCode.MalformedPacket;
    }

    /// <summary>Writes it. Success takes the short form without a Reason Code (§3.4.2.1).</summary>
    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        var header = (byte)(((byte)Type << 4) | (Type == PacketType.PubRel ? 2 : 0));
        if (version == ProtocolVersion.V500 && ReasonString is not null)
        {
            PacketBuilder.Body().UInt16(PacketId).Byte((byte)ReasonCode)
                .Section(PacketBuilder.Properties().Property(PropertyId.ReasonString, ReasonString))
                .WriteTo(output, header);
            return;
        }

        var withCode = version == ProtocolVersion.V500 && ReasonCode != ReasonCode.Success;
        var target = output.GetSpan(5);
        target[0] = header;
        target[1] = withCode ? (byte)3 : (byte)2;
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], PacketId);
        target[4] = (byte)ReasonCode;
        output.Advance(withCode ? 5 : 4);
    }
}
