using System.Text;
using Gateway.Mqtt;

namespace Gateway.Tests.Mqtt.Packets;

public sealed class PacketCodecTests
{
    private static readonly MessageProperties s_properties = new()
    {
        IsUtf8 = true,
        MessageExpiryInterval = 60,
        ContentType = "application/json",
        ResponseTopic = "reply/to",
        CorrelationData = new byte[] { 1, 2, 3 },
        UserProperties = [new("b", "1"), new("a", "2"), new("b", "3")],
    };

    [Theory]
    [InlineData(ProtocolVersion.V310)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public void Connect_RoundTrip_IsTheSame(ProtocolVersion version)
    {
        var v5 = version == ProtocolVersion.V500;
        var packet = new ConnectPacket
        {
            Version = version,
            CleanStart = true,
            KeepAlive = 30,
            ClientId = "gw-ü",
            Username = "u",
            Password = "p"u8.ToArray(),
            Will = new Will(
                new MqttMessage { Topic = "will", Payload = "gone"u8.ToArray(), Qos = QualityOfService.AtLeastOnce, Retain = true, Properties = v5 ? s_properties : MessageProperties.None },
                v5 ? 10u : 0),
            SessionExpiryInterval = v5 ? 3600 : null,
            ReceiveMaximum = v5 ? (ushort)20 : null,
        };
        var (header, body) = Wire.Frame(packet.Write);
        Assert.Equal(ReasonCode.Success, ConnectPacket.TryDecode(header, body, out var decoded));
        Assert.Equal((version, "gw-ü", (ushort)30, true, "u"), (decoded.Version, decoded.ClientId, decoded.KeepAlive, decoded.CleanStart, decoded.Username));
        Assert.Equal("p", Encoding.UTF8.GetString(decoded.Password!.Value.Span));
        Assert.Equal((packet.SessionExpiryInterval, packet.ReceiveMaximum), (decoded.SessionExpiryInterval, decoded.ReceiveMaximum));
        Assert.Equal((packet.Will.DelayInterval, "will", QualityOfService.AtLeastOnce, true),
            (decoded.Will!.DelayInterval, decoded.Will.Message.Topic, decoded.Will.Message.Qos, decoded.Will.Message.Retain));
        Assert.Equal(packet.Will.Message.Properties.UserProperties, decoded.Will.Message.Properties.UserProperties);
    }

    [Fact]
    public void Publish_AllProperties_AreKeptInOrder()
    {
        var message = new MqttMessage { Topic = "a/b", Payload = "x"u8.ToArray(), Properties = s_properties };
        var header = new PublishHeader(QualityOfService.ExactlyOnce, 7, Retain: true, Dup: true, Expiry: 59);
        var (first, body) = Wire.Frame(o => Assert.Equal(
            PublishPacket.Size(message, ProtocolVersion.V500, header), PublishPacket.Write(o, message, ProtocolVersion.V500, header)));
        Assert.Equal(ReasonCode.Success, PublishPacket.TryDecode(first, body, ProtocolVersion.V500, new TopicCache(), MessageOrigin.FromClient("c"), 5, out var decoded));
        Assert.Equal(((ushort)7, true, "a/b", true, 5L), (decoded.PacketId, decoded.Dup, decoded.Message.Topic, decoded.Message.Retain, decoded.Message.ReceivedAt));
        Assert.Equal("x"u8.ToArray(), decoded.Message.Payload.ToArray());
        var properties = decoded.Message.Properties;
        Assert.Equal((true, 59u, "application/json", "reply/to"), (properties.IsUtf8 == true, properties.MessageExpiryInterval!.Value, properties.ContentType, properties.ResponseTopic));
        Assert.Equal([1, 2, 3], properties.CorrelationData!.Value.ToArray());
        Assert.Equal(s_properties.UserProperties, properties.UserProperties);
    }

    [Fact]
    public void Publish_Qos0WithoutProperties_IsTheBytesOfTheSpecification()
    {
        var message = new MqttMessage { Topic = "a/b", Payload = "x"u8.ToArray() };
        Assert.Equal([0x30, 6, 0, 3, (byte)'a', (byte)'/', (byte)'b', (byte)'x'], Wire.Bytes(o => PublishPacket.Write(o, message, ProtocolVersion.V311, default)));
        Assert.Equal([0x30, 7, 0, 3, (byte)'a', (byte)'/', (byte)'b', 0, (byte)'x'], Wire.Bytes(o => PublishPacket.Write(o, message, ProtocolVersion.V500, default)));
    }

    [Theory]
    [InlineData(0x36, new byte[] { 0, 1, 97, 0, 1, 0 })] // QoS 3
    [InlineData(0x38, new byte[] { 0, 1, 97, 0 })] // DUP at QoS 0
    [InlineData(0x32, new byte[] { 0, 1, 97, 0, 0, 0 })] // packet identifier 0
    [InlineData(0x30, new byte[] { 0, 2, 97 })] // topic cut
    [InlineData(0x30, new byte[] { 0, 1, 0, 0 })] // U+0000
    [InlineData(0x30, new byte[] { 0, 2, 0xC0, 0x80, 0 })] // overlong UTF-8
    [InlineData(0x30, new byte[] { 0, 3, 0xED, 0xA0, 0x80, 0 })] // surrogate
    [InlineData(0x30, new byte[] { 0, 1, 97, 5, 1, 0 })] // property length past the end
    [InlineData(0x30, new byte[] { 0, 1, 97, 2, 0x21, 0 })] // a property that may not stand here
    public void Publish_Malformed_IsRefused(byte header, byte[] body) =>
        Assert.Equal(ReasonCode.MalformedPacket, PublishPacket.TryDecode(header, body, ProtocolVersion.V500, null, default, 0, out _));

    [Theory]
    [InlineData(new byte[] { 0, 1, 97, 4, 1, 0, 1, 0 }, ReasonCode.ProtocolError)] // payload format indicator twice
    [InlineData(new byte[] { 0, 1, 97, 2, 1, 2 }, ReasonCode.ProtocolError)] // payload format indicator 2
    [InlineData(new byte[] { 0, 1, 97, 3, 0x23, 0, 0 }, ReasonCode.TopicAliasInvalid)]
    public void Publish_WrongProperty_HasItsReason(byte[] body, ReasonCode expected) =>
        Assert.Equal(expected, PublishPacket.TryDecode(0x30, body, ProtocolVersion.V500, null, default, 0, out _));

    [Theory]
    [InlineData(PacketType.PubAck, ReasonCode.Success)]
    [InlineData(PacketType.PubRec, ReasonCode.QuotaExceeded)]
    [InlineData(PacketType.PubRel, ReasonCode.PacketIdentifierNotFound)]
    [InlineData(PacketType.PubComp, ReasonCode.Success)]
    public void Ack_RoundTrip_IsTheSame(PacketType type, ReasonCode code)
    {
        var packet = new AckPacket(type, 513, code);
        var (header, body) = Wire.Frame(o => packet.Write(o, ProtocolVersion.V500));
        Assert.Equal(ReasonCode.Success, AckPacket.TryDecode(header, body, ProtocolVersion.V500, out var decoded));
        Assert.Equal(packet, decoded);
        (header, body) = Wire.Frame(o => packet.Write(o, ProtocolVersion.V311));
        Assert.Equal(2, body.Length);
        Assert.Equal(ReasonCode.Success, AckPacket.TryDecode(header, body, ProtocolVersion.V311, out decoded));
        Assert.Equal(packet with { ReasonCode = ReasonCode.Success }, decoded);
    }

    [Fact]
    public void Subscribe_RoundTrip_IsTheSame()
    {
        var subscription = new Subscription("a/+/#", QualityOfService.AtLeastOnce, NoLocal: true, RetainAsPublished: true, RetainHandling.SendIfNew);
        var (header, body) = Wire.Frame(o => new SubscribePacket(9, [subscription]).Write(o, ProtocolVersion.V500));
        Assert.Equal(ReasonCode.Success, SubscribePacket.TryDecode(header, body, ProtocolVersion.V500, out var decoded));
        Assert.Equal([subscription], decoded.Subscriptions);
        (header, body) = Wire.Frame(o => new SubscribePacket(9, [subscription]).Write(o, ProtocolVersion.V311));
        Assert.Equal(ReasonCode.Success, SubscribePacket.TryDecode(header, body, ProtocolVersion.V311, out decoded));
        Assert.Equal([new Subscription("a/+/#", QualityOfService.AtLeastOnce)], decoded.Subscriptions);
    }

    [Fact]
    public void ConnAck_RoundTrip_IsTheSame()
    {
        var packet = new ConnAckPacket { SessionPresent = true, ReceiveMaximum = 10, MaximumQos = QualityOfService.AtLeastOnce, RetainAvailable = false, ServerKeepAlive = 5, AssignedClientIdentifier = "x" };
        var (header, body) = Wire.Frame(o => packet.Write(o, ProtocolVersion.V500));
        Assert.Equal(ReasonCode.Success, ConnAckPacket.TryDecode(header, body, ProtocolVersion.V500, out var decoded));
        Assert.Equal(packet, decoded with { UserProperties = packet.UserProperties });
    }

    [Fact]
    public void Decoders_MutatedPackets_NeverThrow()
    {
        var packets = new List<(byte, byte[])>
        {
            Wire.Frame(new ConnectPacket { ClientId = "c", Username = "u", Will = new Will(new MqttMessage { Topic = "w", Properties = s_properties }, 3) }.Write),
            Wire.Frame(o => PublishPacket.Write(o, new MqttMessage { Topic = "a/b", Payload = "x"u8.ToArray(), Properties = s_properties }, ProtocolVersion.V500, new PublishHeader(QualityOfService.AtLeastOnce, 7, false, false, 1))),
            Wire.Frame(o => new SubscribePacket(9, [new Subscription("a", 0)]).Write(o, ProtocolVersion.V500)),
            Wire.Frame(o => new ConnAckPacket { AssignedClientIdentifier = "x" }.Write(o, ProtocolVersion.V500)),
            Wire.Frame(o => new DisconnectPacket(ReasonCode.ServerBusy, 3, "busy").Write(o, ProtocolVersion.V500)),
        };
        var random = new Random(20_261);
        for (var i = 0; i < 50_000; i++)
        {
            var (header, original) = packets[random.Next(packets.Count)];
            var body = original.AsSpan(0, random.Next(original.Length + 1)).ToArray();
            for (var n = random.Next(4); n > 0 && body.Length > 0; n--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            foreach (var version in Enum.GetValues<ProtocolVersion>())
            {
                ConnectPacket.TryDecode(header, body, out _);
                ConnAckPacket.TryDecode(header, body, version, out _);
                PublishPacket.TryDecode(header, body, version, null, default, 0, out _);
                AckPacket.TryDecode(header, body, version, out _);
                SubscribePacket.TryDecode(header, body, version, out _);
                SubAckPacket.TryDecode(header, body, version, out _);
                UnsubscribePacket.TryDecode(header, body, version, out _);
                DisconnectPacket.TryDecode(header, body, version, out _);
                AuthPacket.TryDecode(header, body, out _);
            }
        }
    }
}
