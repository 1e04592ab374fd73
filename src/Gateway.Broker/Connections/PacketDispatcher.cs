using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>Gives each packet of a connected client to whom it is for.</summary>
internal sealed class PacketDispatcher(ClientConnection connection, Session session, InboundPublish publish, InboundSubscribe subscribe)
{
    /// <summary>What DISCONNECT said about the session, seconds; null: as in CONNECT.</summary>
    public uint? SessionExpiry { get; private set; }

    /// <returns>Success, or why the connection must end. A client's own DISCONNECT closes the connection itself.</returns>
    public ReasonCode Dispatch(byte header, ReadOnlySpan<byte> body, long now)
    {
        switch ((PacketType)(header >> 4))
        {
            case PacketType.Publish:
                return publish.Handle(header, body, now);
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                return Acknowledge(header, body);
            case PacketType.Subscribe:
                return subscribe.Subscribe(header, body);
            case PacketType.Unsubscribe:
                return subscribe.Unsubscribe(header, body);
            case PacketType.PingReq:
                if ((header & 0x0F) != 0 || !body.IsEmpty)
                {
                    return ReasonCode.MalformedPacket;
                }

                connection.Control.AddPong();
                return ReasonCode.Success;
            case PacketType.Disconnect:
                return Disconnect(header, body);
            case PacketType.Connect:
                // MQTT-3.1.0-2: a second CONNECT.
            case PacketType.ConnAck or PacketType.SubAck or PacketType.UnsubAck or PacketType.PingResp:
                return ReasonCode.ProtocolError;
            case PacketType.Auth when connection.Version == ProtocolVersion.V500:
                // §4.12.1: without an Authentication Method in CONNECT.
                return ReasonCode.ProtocolError;
            default:
                return ReasonCode.MalformedPacket;
        }
    }

    private ReasonCode Acknowledge(byte header, ReadOnlySpan<byte> body)
    {
        var code = AckPacket.TryDecode(header, body, connection.Version, out var packet);
        if (code != ReasonCode.Success)
        {
            return code;
        }

        switch (packet.Type)
        {
            case PacketType.PubAck:
                session.Queue.Acknowledge(packet.PacketId, QualityOfService.AtLeastOnce);
                break;
            case PacketType.PubRec when packet.ReasonCode.IsFailure():
                session.Queue.Acknowledge(packet.PacketId, QualityOfService.ExactlyOnce);
                break;
            case PacketType.PubRec:
                var known = session.Queue.Release(packet.PacketId);
                connection.Control.Add(new AckPacket(PacketType.PubRel, packet.PacketId, Known(known)));
                break;
            case PacketType.PubComp:
                session.Queue.Complete(packet.PacketId);
                break;
            default:
                connection.Control.Add(new AckPacket(PacketType.PubComp, packet.PacketId, Known(session.Received.Remove(packet.PacketId))));
                break;
        }

        return ReasonCode.Success;
    }

    private ReasonCode Disconnect(byte header, ReadOnlySpan<byte> body)
    {
        var code = DisconnectPacket.TryDecode(header, body, connection.Version, out var packet);
        if (code != ReasonCode.Success)
        {
            return code;
        }

        // §3.14.2.2.2: a session that was to end with the connection cannot be prolonged.
        if (packet.SessionExpiryInterval > 0 && connection.Parameters.SessionExpiry == TimeSpan.Zero)
        {
            return ReasonCode.ProtocolError;
        }

        SessionExpiry = packet.SessionExpiryInterval;
        connection.Close(new CloseCause(packet.ReasonCode, ByServer: false));
        return ReasonCode.Success;
    }

    private static ReasonCode Known(bool known) => known ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;
}
