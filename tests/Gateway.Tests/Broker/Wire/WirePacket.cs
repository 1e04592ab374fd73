using System.Text;
using Gateway.Mqtt;

namespace Gateway.Tests.Broker.Wire;

/// <summary>One packet as it came; decoding it must succeed.</summary>
internal readonly record struct WirePacket(byte Header, byte[] Body)
{
    public PublishPacket Publish(ProtocolVersion version)
    {
        Assert.Equal(ReasonCode.Success, PublishPacket.TryDecode(Header, Body, version, null, default, 0, out var packet));
        return packet;
    }

    public AckPacket Ack(ProtocolVersion version)
    {
        Assert.Equal(ReasonCode.Success, AckPacket.TryDecode(Header, Body, version, out var packet));
        return packet;
    }

    public SubAckPacket SubAck(ProtocolVersion version)
    {
        Assert.Equal(ReasonCode.Success, SubAckPacket.TryDecode(Header, Body, version, out var packet));
        return packet;
    }

    public DisconnectPacket Disconnect(ProtocolVersion version)
    {
        Assert.Equal(ReasonCode.Success, DisconnectPacket.TryDecode(Header, Body, version, out var packet));
        return packet;
    }
}

internal static class PublishText
{
    public static string Text(this PublishPacket packet) => Encoding.UTF8.GetString(packet.Message.Payload.Span);
}
