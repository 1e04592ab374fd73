using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gateway.Mqtt;

/// <summary>PUBLISH (MQTT 5.0 §3.3), as it was received.</summary>
/// <param name="Message">The message; its topic is empty when only <paramref name="TopicAlias"/> was sent.</param>
/// <param name="PacketId">0 at QoS 0.</param>
/// <param name="Dup">The sender says that it may have sent this before.</param>
/// <param name="TopicAlias">0: none (§3.3.2.3.4).</param>
/// <param name="SubscriptionIdentifiers">Of the subscriptions that it answers; null: none. A client must not send one (MQTT-3.3.4-6).</param>
public readonly record struct PublishPacket(MqttMessage Message, ushort PacketId, bool Dup, ushort TopicAlias, IReadOnlyList<int>? SubscriptionIdentifiers)
{
    private static readonly ulong s_allowed = PacketProperties.Set(
        PropertyId.PayloadFormatIndicator, PropertyId.MessageExpiryInterval, PropertyId.TopicAlias, PropertyId.ResponseTopic,
        PropertyId.CorrelationData, PropertyId.UserProperty, PropertyId.SubscriptionIdentifier, PropertyId.ContentType);

    /// <summary>Decodes the body of a PUBLISH. The payload is copied; whether the topic is a valid topic name is the caller's to check.</summary>
    /// <param name="header">The first byte.</param>
    /// <param name="body">What follows the Remaining Length.</param>
    /// <param name="version">Protocol of the connection.</param>
    /// <param name="topics">Strings of topics seen before, or null.</param>
    /// <param name="origin">Who sent it.</param>
    /// <param name="receivedAt">See <see cref="MqttMessage.ReceivedAt"/>.</param>
    /// <param name="packet">What was sent.</param>
    public static ReasonCode TryDecode(
        byte header, ReadOnlySpan<byte> body, ProtocolVersion version, TopicCache? topics, MessageOrigin origin, long receivedAt, out PublishPacket packet)
    {
        packet = default;
        var qos = (header >> 1) & 3;
        var dup = (header & 0x08) != 0;

        // MQTT-3.3.1-4, MQTT-3.3.1-2.
        if (qos == 3 || (qos == 0 && dup))
        {
            return ReasonCode.MalformedPacket;
        }

        var reader = new PacketReader(body);
        var topicBytes = reader.StringBytes();
        if (!(topics?.TryGet(topicBytes, out var topic) ?? TopicCache.TryDecode(topicBytes, out topic)))
        {
            return ReasonCode.MalformedPacket;
        }

        var packetId = qos == 0 ? (ushort)0 : reader.UInt16();
        if (reader.Failed || (qos > 0 && packetId == 0))
        {
            return ReasonCode.MalformedPacket;
        }

        var properties = PacketProperties.None;
        if (version == ProtocolVersion.V500)
        {
            if (PacketProperties.TryRead(ref reader, s_allowed, out properties) is var wrong and not ReasonCode.Success)
            {
                return wrong;
            }

            if (properties.TopicAlias == 0)
            {
                return ReasonCode.TopicAliasInvalid;
            }
        }

        var message = new MqttMessage
        {
            Topic = topic!,
            Payload = reader.Rest().ToArray(),
            Qos = (QualityOfService)qos,
            Retain = (header & 1) != 0,
            Properties = properties.ToMessageProperties(),
            Origin = origin with { PacketId = packetId, IsDup = dup },
            ReceivedAt = receivedAt,
        };
        packet = new PublishPacket(message, packetId, dup, properties.TopicAlias ?? 0, properties.SubscriptionIdentifiers);
        return ReasonCode.Success;
    }

    /// <summary>Bytes that <see cref="Write"/> would write, fixed header included.</summary>
    public static int Size(MqttMessage message, ProtocolVersion version, in PublishHeader header)
    {
        var body = BodySize(message, version, header, out _, out _);
        return 1 + PacketFramer.LengthSize(body) + body;
    }

    /// <summary>Writes a PUBLISH of this message.</summary>
    /// <param name="output">Gets the whole packet.</param>
    /// <param name="message">Topic, payload and properties.</param>
    /// <param name="version">Protocol of the connection; properties are left out before 5.0.</param>
    /// <param name="header">What differs from receiver to receiver.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(IBufferWriter<byte> output, MqttMessage message, ProtocolVersion version, in PublishHeader header)
    {
        var body = BodySize(message, version, header, out var topicSize, out var properties);
        var target = output.GetSpan(5 + body);
        target[0] = (byte)(((byte)PacketType.Publish << 4) | (header.Dup ? 0x08 : 0) | ((byte)header.Qos << 1) | (header.Retain ? 1 : 0));
        var at = 1 + PacketFramer.WriteLength(target[1..], body);
        BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)topicSize);
        at += 2 + Encoding.UTF8.GetBytes(message.Topic, target[(at + 2)..]);
        if (header.Qos > QualityOfService.AtMostOnce)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], header.PacketId);
            at += 2;
        }

        if (version == ProtocolVersion.V500)
        {
            var own = properties?.Length ?? 0;
            at += PacketFramer.WriteLength(target[at..], own + header.Stamp.Length);
            properties?.Written.CopyTo(target[at..]);
            at += own;
            header.Stamp.Span.CopyTo(target[at..]);
            at += header.Stamp.Length;
        }

        message.Payload.Span.CopyTo(target[at..]);
        at += message.Payload.Length;
        output.Advance(at);
        return at;
    }

    private static int BodySize(MqttMessage message, ProtocolVersion version, in PublishHeader header, out int topicSize, out PacketBuilder? properties)
    {
        topicSize = Encoding.UTF8.GetByteCount(message.Topic);
        properties = null;
        var size = 2 + topicSize + (header.Qos > QualityOfService.AtMostOnce ? 2 : 0) + message.Payload.Length;
        if (version < ProtocolVersion.V500)
        {
            return size;
        }

        var length = header.Stamp.Length;
        if (!ReferenceEquals(message.Properties, MessageProperties.None))
        {
            properties = PacketBuilder.Properties().Property(message.Properties, header.Expiry);
            length += properties.Length;
        }

        return size + PacketFramer.LengthSize(length) + length;
    }
}

/// <summary>What a PUBLISH of one message says differently to each receiver.</summary>
/// <param name="Qos">QoS of this delivery.</param>
/// <param name="PacketId">Packet Identifier; 0 at QoS 0.</param>
/// <param name="Retain">RETAIN as this receiver shall see it (§3.3.1.3).</param>
/// <param name="Dup">true: it may have been sent before.</param>
/// <param name="Expiry">What remains of the Message Expiry Interval, seconds; null: absent (§3.3.2.3.3).</param>
/// <param name="Stamp">Properties for this receiver alone (identity, Subscription Identifiers), encoded; behind the message's own.</param>
public readonly record struct PublishHeader(QualityOfService Qos, ushort PacketId, bool Retain, bool Dup, uint? Expiry, ReadOnlyMemory<byte> Stamp = default);
