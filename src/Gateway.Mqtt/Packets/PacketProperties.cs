namespace Gateway.Mqtt;

/// <summary>All properties that one packet carried; what is null was absent.</summary>
internal sealed class PacketProperties
{
    public static readonly PacketProperties None = new();

    private readonly List<UserProperty> _user = [];
    private ulong _seen;

    public bool? IsUtf8 { get; private set; }

    public uint? MessageExpiryInterval { get; private set; }

    public string? ContentType { get; private set; }

    public string? ResponseTopic { get; private set; }

    public byte[]? CorrelationData { get; private set; }

    /// <summary>One in SUBSCRIBE; one for each subscription that matched in a PUBLISH of a server. Null: none.</summary>
    public List<int>? SubscriptionIdentifiers { get; private set; }

    public uint? SessionExpiryInterval { get; private set; }

    public string? AssignedClientIdentifier { get; private set; }

    public ushort? ServerKeepAlive { get; private set; }

    public string? AuthenticationMethod { get; private set; }

    public byte[]? AuthenticationData { get; private set; }

    public bool? RequestProblemInformation { get; private set; }

    public uint? WillDelayInterval { get; private set; }

    public bool? RequestResponseInformation { get; private set; }

    public string? ResponseInformation { get; private set; }

    public string? ServerReference { get; private set; }

    public string? ReasonString { get; private set; }

    public ushort? ReceiveMaximum { get; private set; }

    public ushort? TopicAliasMaximum { get; private set; }

    public ushort? TopicAlias { get; private set; }

    public bool? MaximumQosIsOne { get; private set; }

    public bool? RetainAvailable { get; private set; }

    public uint? MaximumPacketSize { get; private set; }

    public bool? WildcardSubscriptionAvailable { get; private set; }

    public bool? SubscriptionIdentifierAvailable { get; private set; }

    public bool? SharedSubscriptionAvailable { get; private set; }

    public IReadOnlyList<UserProperty> User => _user;

    /// <summary>Reads a property section.</summary>
    /// <param name="reader">At the Property Length; left behind the section.</param>
    /// <param name="allowed">Bit n: property n may stand here (Table 2-4).</param>
    /// <param name="properties">What was found.</param>
    /// <returns>Success, Malformed Packet, or Protocol Error.</returns>
    public static ReasonCode TryRead(ref PacketReader reader, ulong allowed, out PacketProperties properties)
    {
        properties = None;
        var section = reader.Section(reader.VariableByteInteger());
        if (section.Failed)
        {
            return ReasonCode.MalformedPacket;
        }

        if (section.IsAtEnd)
        {
            return ReasonCode.Success;
        }

        properties = new PacketProperties();
        while (!section.IsAtEnd)
        {
            var id = section.VariableByteInteger();
            if (section.Failed || id > 63 || (allowed & (1UL << id)) == 0)
            {
                return ReasonCode.MalformedPacket;
            }

            var code = properties.ReadOne((PropertyId)id, ref section);
            if (section.Failed)
            {
                return ReasonCode.MalformedPacket;
            }

            if (code != ReasonCode.Success)
            {
                return code;
            }
        }

        return ReasonCode.Success;
    }

    /// <summary>The set of properties that may stand in a packet.</summary>
    public static ulong Set(params ReadOnlySpan<PropertyId> ids)
    {
        var set = 0UL;
        foreach (var id in ids)
        {
            set |= 1UL << (int)id;
        }

        return set;
    }

    /// <summary>Those that belong to the application message.</summary>
    public MessageProperties ToMessageProperties() =>
        IsUtf8 is null && MessageExpiryInterval is null && ContentType is null && ResponseTopic is null && CorrelationData is null && _user.Count == 0
            ? MessageProperties.None
            : new MessageProperties
            {
                IsUtf8 = IsUtf8,
                MessageExpiryInterval = MessageExpiryInterval,
                ContentType = ContentType,
                ResponseTopic = ResponseTopic,
                CorrelationData = CorrelationData is null ? null : (ReadOnlyMemory<byte>?)CorrelationData,
                UserProperties = _user,
            };

    private ReasonCode ReadOne(PropertyId id, ref PacketReader reader)
    {
        if (id == PropertyId.UserProperty)
        {
            _user.Add(new UserProperty(reader.String(), reader.String()));
            return ReasonCode.Success;
        }

        if (id == PropertyId.SubscriptionIdentifier)
        {
            var identifier = reader.VariableByteInteger();
            (SubscriptionIdentifiers ??= []).Add(identifier);
            return NotZero(identifier);
        }

        var bit = 1UL << (int)id;
        if ((_seen & bit) != 0)
        {
            return ReasonCode.ProtocolError;
        }

        _seen |= bit;
        var code = ReasonCode.Success;
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator: IsUtf8 = Flag(ref reader, ref code); break;
            case PropertyId.MessageExpiryInterval: MessageExpiryInterval = reader.UInt32(); break;
            case PropertyId.ContentType: ContentType = reader.String(); break;
            case PropertyId.ResponseTopic: ResponseTopic = reader.String(); break;
            case PropertyId.CorrelationData: CorrelationData = reader.Binary(); break;
            case PropertyId.SessionExpiryInterval: SessionExpiryInterval = reader.UInt32(); break;
            case PropertyId.AssignedClientIdentifier: AssignedClientIdentifier = reader.String(); break;
            case PropertyId.ServerKeepAlive: ServerKeepAlive = reader.UInt16(); break;
            case PropertyId.AuthenticationMethod: AuthenticationMethod = reader.String(); break;
            case PropertyId.AuthenticationData: AuthenticationData = reader.Binary(); break;
            case PropertyId.RequestProblemInformation: RequestProblemInformation = Flag(ref reader, ref code); break;
            case PropertyId.WillDelayInterval: WillDelayInterval = reader.UInt32(); break;
            case PropertyId.RequestResponseInformation: RequestResponseInformation = Flag(ref reader, ref code); break;
            case PropertyId.ResponseInformation: ResponseInformation = reader.String(); break;
            case PropertyId.ServerReference: ServerReference = reader.String(); break;
            case PropertyId.ReasonString: ReasonString = reader.String(); break;
            case PropertyId.ReceiveMaximum:
                ReceiveMaximum = reader.UInt16();
                code = NotZero(ReceiveMaximum.Value);
                break;
            case PropertyId.TopicAliasMaximum: TopicAliasMaximum = reader.UInt16(); break;
            case PropertyId.TopicAlias: TopicAlias = reader.UInt16(); break;
            case PropertyId.MaximumQos: MaximumQosIsOne = Flag(ref reader, ref code); break;
            case PropertyId.RetainAvailable: RetainAvailable = Flag(ref reader, ref code); break;
            case PropertyId.MaximumPacketSize:
                MaximumPacketSize = reader.UInt32();
                code = NotZero(MaximumPacketSize.Value);
                break;
            case PropertyId.WildcardSubscriptionAvailable: WildcardSubscriptionAvailable = Flag(ref reader, ref code); break;
            case PropertyId.SubscriptionIdentifierAvailable: SubscriptionIdentifierAvailable = Flag(ref reader, ref code); break;
            case PropertyId.SharedSubscriptionAvailable: SharedSubscriptionAvailable = Flag(ref reader, ref code); break;
        }

        return code;
    }

    /// <summary>A byte that is 0 or 1; any other value is a Protocol Error.</summary>
    private static bool Flag(ref PacketReader reader, ref ReasonCode code)
    {
        var value = reader.Byte();
        code = value > 1 ? ReasonCode.ProtocolError : ReasonCode.Success;
        return value == 1;
    }

    private static ReasonCode NotZero(long value) => value == 0 ? ReasonCode.ProtocolError : ReasonCode.Success;
}
