using System.Buffers;

namespace Gateway.Mqtt;

/// <summary>CONNECT (MQTT 5.0 §3.1).</summary>
public sealed record ConnectPacket
{
    private static readonly ulong s_allowed = PacketProperties.Set(
        PropertyId.SessionExpiryInterval, PropertyId.ReceiveMaximum, PropertyId.MaximumPacketSize, PropertyId.TopicAliasMaximum,
        PropertyId.RequestResponseInformation, PropertyId.RequestProblemInformation, PropertyId.UserProperty,
        PropertyId.AuthenticationMethod, PropertyId.AuthenticationData);

    private static readonly ulong s_willAllowed = PacketProperties.Set(
        PropertyId.WillDelayInterval, PropertyId.PayloadFormatIndicator, PropertyId.MessageExpiryInterval, PropertyId.ContentType,
        PropertyId.ResponseTopic, PropertyId.CorrelationData, PropertyId.UserProperty);

    public ProtocolVersion Version { get; init; } = ProtocolVersion.V500;

    /// <summary>The high bit of the protocol level: the client is a bridge (Mosquitto's convention).</summary>
    public bool IsBridge { get; init; }

    /// <summary>Clean Start on 5.0, Clean Session before.</summary>
    public bool CleanStart { get; init; }

    /// <summary>Seconds; 0: none (§3.1.2.10).</summary>
    public ushort KeepAlive { get; init; }

    public string ClientId { get; init; } = "";

    public Will? Will { get; init; }

    public string? Username { get; init; }

    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>Seconds; null: absent (0 on 5.0); 0xFFFFFFFF: never ends.</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>null: 65,535.</summary>
    public ushort? ReceiveMaximum { get; init; }

    /// <summary>Bytes; null: no limit.</summary>
    public uint? MaximumPacketSize { get; init; }

    public ushort? TopicAliasMaximum { get; init; }

    public bool? RequestResponseInformation { get; init; }

    public bool? RequestProblemInformation { get; init; }

    public string? AuthenticationMethod { get; init; }

    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }

    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>Decodes the body of a CONNECT.</summary>
    /// <returns>Success, or the Reason Code with which to refuse; <see cref="ReasonCode.UnsupportedProtocolVersion"/> is told apart, because it has an answer of its own.</returns>
    public static ReasonCode TryDecode(byte header, ReadOnlySpan<byte> body, out ConnectPacket packet)
    {
        // Who has not yet said 5.0 would not understand a Reason Code.
        packet = new ConnectPacket { Version = ProtocolVersion.V311 };
        var reader = new PacketReader(body);
        var name = reader.StringBytes();
        var level = reader.Byte();
        if (reader.Failed)
        {
            return ReasonCode.MalformedPacket;
        }

        // The bridge bit is a convention of the old protocols; on 5.0 it makes another, unknown version.
        var version = (ProtocolVersion)(level & 0x7F);
        var known = name.SequenceEqual("MQTT"u8) ? version == ProtocolVersion.V311 || level == (byte)ProtocolVersion.V500
            : name.SequenceEqual("MQIsdp"u8) && version == ProtocolVersion.V310;
        if (!known)
        {
            return ReasonCode.UnsupportedProtocolVersion;
        }

        var flags = reader.Byte();
        packet = packet with { Version = version, IsBridge = (level & 0x80) != 0, CleanStart = (flags & 0x02) != 0, KeepAlive = reader.UInt16() };
        var hasWill = (flags & 0x04) != 0;
        var willQos = (flags >> 3) & 3;
        var hasPassword = (flags & 0x40) != 0;
        var hasUsername = (flags & 0x80) != 0;

        // MQTT-2.1.3-1, MQTT-3.1.2-3, -11, -12, -13, -15; 3.1.1 also forbids a password without a user name (MQTT-3.1.2-22).
        if ((header & 0x0F) != 0 || (flags & 1) != 0 || willQos == 3 || (!hasWill && (flags & 0x38) != 0) || (version < ProtocolVersion.V500 && hasPassword && !hasUsername))
        {
            return ReasonCode.MalformedPacket;
        }

        var properties = PacketProperties.None;
        if (version == ProtocolVersion.V500 && PacketProperties.TryRead(ref reader, s_allowed, out properties) is var code and not ReasonCode.Success)
        {
            return code;
        }

        var clientId = reader.String();
        Will? will = null;
        if (hasWill && TryReadWill(ref reader, version, (QualityOfService)willQos, (flags & 0x20) != 0, out will) is var wrong and not ReasonCode.Success)
        {
            return wrong;
        }

        packet = packet with
        {
            ClientId = clientId,
            Will = will,
            Username = hasUsername ? reader.String() : null,
            Password = hasPassword ? reader.Binary() : (ReadOnlyMemory<byte>?)null,
            SessionExpiryInterval = properties.SessionExpiryInterval,
            ReceiveMaximum = properties.ReceiveMaximum,
            MaximumPacketSize = properties.MaximumPacketSize,
            TopicAliasMaximum = properties.TopicAliasMaximum,
            RequestResponseInformation = properties.RequestResponseInformation,
            RequestProblemInformation = properties.RequestProblemInformation,
            AuthenticationMethod = properties.AuthenticationMethod,
            AuthenticationData = properties.AuthenticationData is { } data ? data : (ReadOnlyMemory<byte>?)null,
            UserProperties = properties.User,
        };
        if (reader.Failed || !reader.IsAtEnd)
        {
            return ReasonCode.MalformedPacket;
        }

        // §3.1.2.11.10: Authentication Data without a method.
        return packet is { AuthenticationData: not null, AuthenticationMethod: null } ? ReasonCode.ProtocolError : ReasonCode.Success;
    }

    public void Write(IBufferWriter<byte> output)
    {
        var body = PacketBuilder.Body();
        body.String(Version == ProtocolVersion.V310 ? "MQIsdp" : "MQTT").Byte((byte)((byte)Version | (IsBridge ? 0x80 : 0)));
        body.Byte((byte)((CleanStart ? 0x02 : 0)
            | (Will is null ? 0 : 0x04 | ((byte)Will.Message.Qos << 3) | (Will.Message.Retain ? 0x20 : 0))
            | (Password is null ? 0 : 0x40)
            | (Username is null ? 0 : 0x80)));
        body.UInt16(KeepAlive);
        if (Version == ProtocolVersion.V500)
        {
            body.Section(PacketBuilder.Properties()
                .Property(PropertyId.SessionExpiryInterval, SessionExpiryInterval)
                .Property(PropertyId.ReceiveMaximum, ReceiveMaximum)
                .Property(PropertyId.MaximumPacketSize, MaximumPacketSize)
                .Property(PropertyId.TopicAliasMaximum, TopicAliasMaximum)
                .Property(PropertyId.RequestResponseInformation, RequestResponseInformation)
                .Property(PropertyId.RequestProblemInformation, RequestProblemInformation)
                .Property(PropertyId.AuthenticationMethod, AuthenticationMethod)
                .Property(PropertyId.AuthenticationData, AuthenticationData)
                .Property(UserProperties));
        }

        body.String(ClientId);
        if (Will is not null)
        {
            if (Version == ProtocolVersion.V500)
            {
                body.Section(PacketBuilder.Properties()
                    .Property(PropertyId.WillDelayInterval, Will.DelayInterval == 0 ? null : (uint?)Will.DelayInterval)
                    .Property(Will.Message.Properties, Will.Message.Properties.MessageExpiryInterval));
            }

            body.String(Will.Message.Topic).Binary(Will.Message.Payload.Span);
        }

        if (Username is not null)
        {
            body.String(Username);
        }

        if (Password is { } password)
        {
            body.Binary(password.Span);
        }

        body.WriteTo(output, (byte)PacketType.Connect << 4);
    }

    private static ReasonCode TryReadWill(ref PacketReader reader, ProtocolVersion version, QualityOfService qos, bool retain, out Will? will)
    {
        will = null;
        var properties = PacketProperties.None;
        if (version == ProtocolVersion.V500 && PacketProperties.TryRead(ref reader, s_willAllowed, out properties) is var code and not ReasonCode.Success)
        {
            return code;
        }

        var topic = reader.String();
        var payload = reader.Binary();
        will = new Will(
            new MqttMessage { Topic = topic, Payload = payload, Qos = qos, Retain = retain, Properties = properties.ToMessageProperties() },
            properties.WillDelayInterval ?? 0);
        return reader.Failed ? ReasonCode.MalformedPacket : ReasonCode.Success;
    }
}

/// <summary>The message that the server publishes when the client is gone (MQTT 5.0 §3.1.2.5).</summary>
/// <param name="Message">Its topic is not yet checked; origin and time of reception are not set.</param>
/// <param name="DelayInterval">Seconds (§3.1.3.2.2).</param>
public sealed record Will(MqttMessage Message, uint DelayInterval);
