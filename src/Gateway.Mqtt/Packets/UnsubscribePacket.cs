using System.Buffers;

namespace Gateway.Mqtt;

/// <summary>UNSUBSCRIBE (MQTT 5.0 §3.10).</summary>
public sealed record UnsubscribePacket(ushort PacketId, IReadOnlyList<string> Filters)
{
    private static readonly ulong s_allowed = PacketProperties.Set(PropertyId.UserProperty);

    public static ReasonCode TryDecode(byte header, ReadOnlySpan<byte> body, ProtocolVersion version, out UnsubscribePacket packet)
    {
        packet = new UnsubscribePacket(0, []);
        var reader = new PacketReader(body);
        var id = reader.UInt16();
        if (reader.Failed || id == 0 || !RequestFlags.IsValid(header, version))
        {
            return ReasonCode.MalformedPacket;
        }

        if (version == ProtocolVersion.V500 && PacketProperties.TryRead(ref reader, s_allowed, out _) is var wrong and not ReasonCode.Success)
        {
            return wrong;
        }

        var filters = new List<string>();
        while (!reader.IsAtEnd)
        {
            filters.Add(reader.String());
        }

        packet = new UnsubscribePacket(id, filters);

        // MQTT-3.10.3-2.
        return reader.Failed ? ReasonCode.MalformedPacket : filters.Count == 0 ? ReasonCode.ProtocolError : ReasonCode.Success;
    }

    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        var body = PacketBuilder.Body().UInt16(PacketId);
        if (version == ProtocolVersion.V500)
        {
            body.Byte(0);
        }

        foreach (var filter in Filters)
        {
            body.String(filter);
        }

        body.WriteTo(output, ((byte)PacketType.Unsubscribe << 4) | 2);
    }
}
