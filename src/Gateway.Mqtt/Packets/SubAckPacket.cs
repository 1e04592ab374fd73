using System.Buffers;

namespace Gateway.Mqtt;

/// <summary>SUBACK or UNSUBACK (MQTT 5.0 §3.9, §3.11).</summary>
/// <param name="Type">Which of the two.</param>
/// <param name="PacketId">Of the SUBSCRIBE or UNSUBSCRIBE.</param>
/// <param name="ReasonCodes">One for each filter, in their order; an UNSUBACK before 5.0 has none.</param>
public sealed record SubAckPacket(PacketType Type, ushort PacketId, IReadOnlyList<ReasonCode> ReasonCodes)
{
    private static readonly ulong s_allowed = PacketProperties.Set(PropertyId.ReasonString, PropertyId.UserProperty);

    public static ReasonCode TryDecode(byte header, ReadOnlySpan<byte> body, ProtocolVersion version, out SubAckPacket packet)
    {
        packet = new SubAckPacket((PacketType)(header >> 4), 0, []);
        var reader = new PacketReader(body);
        var id = reader.UInt16();
        if (reader.Failed || id == 0 || (header & 0x0F) != 0)
        {
            return ReasonCode.MalformedPacket;
        }

        if (version == ProtocolVersion.V500 && PacketProperties.TryRead(ref reader, s_allowed, out _) is var wrong and not ReasonCode.Success)
        {
            return wrong;
        }

        var codes = new ReasonCode[reader.Remaining];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = (ReasonCode)reader.Byte();
        }

        packet = packet with { PacketId = id, ReasonCodes = codes };
        return ReasonCode.Success;
    }

    /// <summary>Bytes that <see cref="Write"/> writes.</summary>
    public int Size(ProtocolVersion version)
    {
        var body = 2 + (version == ProtocolVersion.V500 ? 1 : 0) + (version == ProtocolVersion.V500 || Type == PacketType.SubAck ? ReasonCodes.Count : 0);
        return 1 + PacketFramer.LengthSize(body) + body;
    }

    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        var body = PacketBuilder.Body().UInt16(PacketId);
        if (version == ProtocolVersion.V500)
        {
            body.Byte(0);
        }

        if (version == ProtocolVersion.V500 || Type == PacketType.SubAck)
        {
            foreach (var code in ReasonCodes)
            {
                // Before 5.0 there is one failure only (3.1.1 §3.9.3).
                body.Byte(version < ProtocolVersion.V500 && code.IsFailure() ? (byte)ReasonCode.UnspecifiedError : (byte)code);
            }
        }

        body.WriteTo(output, (byte)((byte)Type << 4));
    }
}
