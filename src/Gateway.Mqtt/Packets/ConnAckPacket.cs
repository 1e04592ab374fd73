using System.Buffers;

namespace Gateway.Mqtt;

/// <summary>CONNACK (MQTT 5.0 §3.2). What is null is absent and has the meaning that the specification gives to absence.</summary>
public sealed record ConnAckPacket
{
    private static readonly ulong s_allowed = PacketProperties.Set(
        PropertyId.SessionExpiryInterval, PropertyId.ReceiveMaximum, PropertyId.MaximumQos, PropertyId.RetainAvailable, PropertyId.MaximumPacketSize,
        PropertyId.AssignedClientIdentifier, PropertyId.TopicAliasMaximum, PropertyId.ReasonString, PropertyId.UserProperty,
        PropertyId.WildcardSubscriptionAvailable, PropertyId.SubscriptionIdentifierAvailable, PropertyId.SharedSubscriptionAvailable,
        PropertyId.ServerKeepAlive, PropertyId.ResponseInformation, PropertyId.ServerReference,
        PropertyId.AuthenticationMethod, PropertyId.AuthenticationData);

    public bool SessionPresent { get; init; }

    /// <summary>On 3.1.1 the Return Code is translated in both directions.</summary>
    public ReasonCode ReasonCode { get; init; }

    public uint? SessionExpiryInterval { get; init; }

    public ushort? ReceiveMaximum { get; init; }

    /// <summary>null: QoS 2.</summary>
    public QualityOfService? MaximumQos { get; init; }

    public bool? RetainAvailable { get; init; }

    public uint? MaximumPacketSize { get; init; }

    public string? AssignedClientIdentifier { get; init; }

    public ushort? TopicAliasMaximum { get; init; }

    public string? ReasonString { get; init; }

    public bool? WildcardSubscriptionAvailable { get; init; }

    public bool? SubscriptionIdentifierAvailable { get; init; }

    public bool? SharedSubscriptionAvailable { get; init; }

    public ushort? ServerKeepAlive { get; init; }

    public string? ServerReference { get; init; }

    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    public static ReasonCode TryDecode(byte header, ReadOnlySpan<byte> body, ProtocolVersion version, out ConnAckPacket packet)
    {
        packet = new ConnAckPacket();
        var reader = new PacketReader(body);
        var flags = reader.Byte();
        var code = reader.Byte();
        if (reader.Failed || (header & 0x0F) != 0 || (flags & 0xFE) != 0)
        {
            return ReasonCode.MalformedPacket;
        }

        if (version < ProtocolVersion.V500)
        {
            packet = packet with { SessionPresent = flags == 1, ReasonCode = FromReturnCode(code) };
            return reader.IsAtEnd ? ReasonCode.Success : ReasonCode.MalformedPacket;
        }

        var properties = PacketProperties.None;
        if (!reader.IsAtEnd && PacketProperties.TryRead(ref reader, s_allowed, out properties) is var wrong and not ReasonCode.Success)
        {
            return wrong;
        }

        packet = new ConnAckPacket
        {
            SessionPresent = flags == 1,
            ReasonCode = (ReasonCode)code,
            SessionExpiryInterval = properties.SessionExpiryInterval,
            ReceiveMaximum = properties.ReceiveMaximum,
            MaximumQos = properties.MaximumQosIsOne is { } one ? one ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce : null,
            RetainAvailable = properties.RetainAvailable,
            MaximumPacketSize = properties.MaximumPacketSize,
            AssignedClientIdentifier = properties.AssignedClientIdentifier,
            TopicAliasMaximum = properties.TopicAliasMaximum,
            ReasonString = properties.ReasonString,
            WildcardSubscriptionAvailable = properties.WildcardSubscriptionAvailable,
            SubscriptionIdentifierAvailable = properties.SubscriptionIdentifierAvailable,
            SharedSubscriptionAvailable = properties.SharedSubscriptionAvailable,
            ServerKeepAlive = properties.ServerKeepAlive,
            ServerReference = properties.ServerReference,
            UserProperties = properties.User,
        };
        return reader.IsAtEnd ? ReasonCode.Success : ReasonCode.MalformedPacket;
    }

    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        var body = PacketBuilder.Body().Byte(SessionPresent ? (byte)1 : (byte)0);
        if (version < ProtocolVersion.V500)
        {
            body.Byte(ToReturnCode(ReasonCode)).WriteTo(output, (byte)PacketType.ConnAck << 4);
            return;
        }

        body.Byte((byte)ReasonCode).Section(PacketBuilder.Properties()
            .Property(PropertyId.SessionExpiryInterval, SessionExpiryInterval)
            .Property(PropertyId.ReceiveMaximum, ReceiveMaximum)
            .Property(PropertyId.MaximumQos, MaximumQos is { } qos ? (byte)qos : null)
            .Property(PropertyId.RetainAvailable, RetainAvailable)
            .Property(PropertyId.MaximumPacketSize, MaximumPacketSize)
            .Property(PropertyId.AssignedClientIdentifier, AssignedClientIdentifier)
            .Property(PropertyId.TopicAliasMaximum, TopicAliasMaximum)
            .Property(PropertyId.ReasonString, ReasonString)
            .Property(PropertyId.WildcardSubscriptionAvailable, WildcardSubscriptionAvailable)
            .Property(PropertyId.SubscriptionIdentifierAvailable, SubscriptionIdentifierAvailable)
            .Property(PropertyId.SharedSubscriptionAvailable, SharedSubscriptionAvailable)
            .Property(PropertyId.ServerKeepAlive, ServerKeepAlive)
            .Property(PropertyId.ServerReference, ServerReference)
            .Property(UserProperties)).WriteTo(output, (byte)PacketType.ConnAck << 4);
    }

    /// <summary>3.1.1 §3.2.2.3.</summary>
    private static byte ToReturnCode(ReasonCode code) => code switch
    {
        ReasonCode.Success => 0,
        ReasonCode.UnsupportedProtocolVersion => 1,
        ReasonCode.ClientIdentifierNotValid => 2,
        ReasonCode.BadUserNameOrPassword => 4,
        ReasonCode.NotAuthorized or ReasonCode.Banned => 5,
        _ => 3,
    };

    private static ReasonCode FromReturnCode(byte code) => code switch
    {
        0 => ReasonCode.Success,
        1 => ReasonCode.UnsupportedProtocolVersion,
        2 => ReasonCode.ClientIdentifierNotValid,
        3 => ReasonCode.ServerUnavailable,
        4 => ReasonCode.BadUserNameOrPassword,
        5 => ReasonCode.NotAuthorized,
        _ => ReasonCode.UnspecifiedError,
    };
}
