using System.Buffers;

namespace Gateway.Mqtt;

/// <summary>SUBSCRIBE (MQTT 5.0 §3.8).</summary>
/// <param name="PacketId">Its Packet Identifier.</param>
/// <param name="Subscriptions">At least one; the filters are not yet checked.</param>
/// <param name="SubscriptionIdentifier">null: absent (§3.8.2.1.2).</param>
public sealed record SubscribePacket(ushort PacketId, IReadOnlyList<Subscription> Subscriptions, int? SubscriptionIdentifier = null)
{
    private static readonly ulong s_allowed = PacketProperties.Set(PropertyId.SubscriptionIdentifier, PropertyId.UserProperty);

    public static ReasonCode TryDecode(byte header, ReadOnlySpan<byte> body, ProtocolVersion version, out SubscribePacket packet)
    {
        packet = new SubscribePacket(0, []);
        var reader = new PacketReader(body);
        var id = reader.UInt16();
        if (reader.Failed || id == 0 || !RequestFlags.IsValid(header, version))
        {
            return ReasonCode.MalformedPacket;
        }

        var properties = PacketProperties.None;
        if (version == ProtocolVersion.V500 && PacketProperties.TryRead(ref reader, s_allowed, out properties) is var wrong and not ReasonCode.Success)
        {
            return wrong;
        }

        // §3.8.2.1.2: not more than once.
        if (properties.SubscriptionIdentifiers is { Count: > 1 })
        {
            return ReasonCode.ProtocolError;
        }

        var subscriptions = new List<Subscription>();
        while (!reader.IsAtEnd)
        {
            var filter = reader.String();
            var options = reader.Byte();

            // MQTT-3.8.3-5; before 5.0 all bits but the QoS are reserved (3.1.1 MQTT-3.8.3-4).
            var retainHandling = (options >> 4) & 3;
            if (reader.Failed || (version < ProtocolVersion.V500 ? (options & 0xFC) != 0 : (options & 0xC0) != 0))
            {
                return ReasonCode.MalformedPacket;
            }

            // §3.8.3.1 for both.
            if ((options & 3) == 3 || retainHandling == 3)
            {
                return ReasonCode.ProtocolError;
            }

            subscriptions.Add(new Subscription(
                filter, (QualityOfService)(options & 3), (options & 4) != 0, (options & 8) != 0, (RetainHandling)retainHandling));
        }

        packet = new SubscribePacket(id, subscriptions, properties.SubscriptionIdentifiers?[0]);

        // MQTT-3.8.3-2.
        return reader.Failed ? ReasonCode.MalformedPacket : subscriptions.Count == 0 ? ReasonCode.ProtocolError : ReasonCode.Success;
    }

    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        var body = PacketBuilder.Body().UInt16(PacketId);
        if (version == ProtocolVersion.V500)
        {
            var properties = PacketBuilder.Properties();
            if (SubscriptionIdentifier is { } id)
            {
                properties.Byte((byte)PropertyId.SubscriptionIdentifier).VariableByteInteger(id);
            }

            body.Section(properties);
        }

        foreach (var subscription in Subscriptions)
        {
            body.String(subscription.Filter).Byte((byte)((byte)subscription.MaximumQos
                | (version < ProtocolVersion.V500 ? 0
                    : (subscription.NoLocal ? 4 : 0) | (subscription.RetainAsPublished ? 8 : 0) | ((byte)subscription.RetainHandling << 4))));
        }

        body.WriteTo(output, ((byte)PacketType.Subscribe << 4) | 2);
    }
}

/// <summary>One Topic Filter and its Subscription Options (MQTT 5.0 §3.8.3.1).</summary>
/// <param name="Filter">Topic Filter.</param>
/// <param name="MaximumQos">Highest QoS at which to deliver.</param>
/// <param name="NoLocal">Not what this client published itself; 5.0.</param>
/// <param name="RetainAsPublished">Keep the RETAIN flag; 5.0.</param>
/// <param name="RetainHandling">When retained messages are sent; 5.0.</param>
/// <param name="Identifier">Its Subscription Identifier where a server keeps it; on the wire there is one for the whole packet.</param>
public sealed record Subscription(
    string Filter, QualityOfService MaximumQos, bool NoLocal = false, bool RetainAsPublished = false, RetainHandling RetainHandling = RetainHandling.Send, int? Identifier = null);

/// <summary>Retain Handling (MQTT 5.0 §3.8.3.1).</summary>
public enum RetainHandling : byte
{
    Send = 0,
    SendIfNew = 1,
    DoNotSend = 2,
}
