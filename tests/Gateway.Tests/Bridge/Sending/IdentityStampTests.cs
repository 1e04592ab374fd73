using System.Globalization;
using Gateway.Bridge;
using Gateway.Mqtt;
using Gateway.Storage;
using Gateway.Tests.Mqtt.Packets;

namespace Gateway.Tests.Bridge.Sending;

/// <summary>What goes on the wire says who the entry is, whichever way it was put there.</summary>
public sealed class IdentityStampTests
{
    private static readonly StreamId s_stream = new("cloud", Lane.Telemetry);

    [Theory]
    [InlineData(1UL, null)]
    [InlineData(1UL, 0x0123456789abcdefUL)]
    [InlineData(ulong.MaxValue, null)]
    public void On_MessageWithoutUserProperties_SameBytesAsWithAList(ulong number, ulong? previous)
    {
        var stamp = new IdentityStamp("gw-1", s_stream);
        foreach (var properties in (MessageProperties[])[MessageProperties.None, new() { ContentType = "text/plain", MessageExpiryInterval = 60 }])
        {
            foreach (var epoch in (ulong[])[7, 0xfedcba9876543210])
            {
                var message = new MqttMessage { Topic = "a/b", Payload = "x"u8.ToArray(), Properties = properties };
                var identity = new EntryIdentity(epoch, number, previous);
                var gw = string.Create(CultureInfo.InvariantCulture, $"gw-1;cloud.telemetry;{epoch:x16};{number}") + (previous is { } p ? $";{p:x16}" : "");
                Assert.Equal(
                    Bytes(message with { Properties = properties with { UserProperties = [new("gw", gw), new("gw-path", "gw-1")] } }, default),
                    Bytes(stamp.On(message, identity)));
            }
        }
    }

    [Fact]
    public void On_MessageOfAnotherGateway_KeepsItsPropertiesAndItsOrigin()
    {
        UserProperty[] came = [new("gw", "gw-0;up.telemetry;0000000000000001;5"), new("site", "x"), new("gw-path", "gw-0")];
        var message = new MqttMessage { Topic = "a", Properties = new() { UserProperties = came } };
        var (sent, stamp) = new IdentityStamp("gw-1", s_stream).On(message, new(2, 9, null));
        Assert.True(stamp.IsEmpty);
        Assert.Equal(
            [new("site", "x"), new("gw", "gw-1;cloud.telemetry;0000000000000002;9"), new("gw-origin", "gw-0;up.telemetry;0000000000000001;5"), new("gw-path", "gw-0,gw-1")],
            sent.Properties.UserProperties);
    }

    [Fact]
    public void On_LongestNames_Fit()
    {
        var name = new string('n', 63);
        var (_, stamp) = new IdentityStamp(name, new(name, Lane.Telemetry)).On(new MqttMessage { Topic = "a" }, new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue));
        Assert.Equal((5 + 2 + 63 + 1 + 63 + 10 + 1 + 16 + 1 + 20 + 1 + 16) + (5 + 7 + 63), stamp.Length);
    }

    private static byte[] Bytes((MqttMessage Message, ReadOnlyMemory<byte> Stamp) sent) => Bytes(sent.Message, sent.Stamp);

    private static byte[] Bytes(MqttMessage message, ReadOnlyMemory<byte> stamp)
    {
        var header = new PublishHeader(QualityOfService.AtLeastOnce, 3, Retain: false, Dup: false, message.Properties.MessageExpiryInterval, stamp);
        return Wire.Bytes(o => Assert.Equal(PublishPacket.Size(message, ProtocolVersion.V500, header), PublishPacket.Write(o, message, ProtocolVersion.V500, header)));
    }
}
