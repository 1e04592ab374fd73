using System.Buffers;

namespace Gateway.Mqtt;

/// <summary>Takes one received packet apart and tells whom it concerns.</summary>
internal sealed class PacketDispatcher(
    MqttClient client, IMqttClientHandler handler, ProtocolVersion version, OutboundWindow window, InboundOrder inbound, PendingReplies replies, TimeProvider time)
{
    private readonly TopicCache _topics = new();

    /// <returns>false: a message for which there is no room (before 5.0); dispatch it again when there is.</returns>
    public bool Dispatch(byte header, in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment)
        {
            return Dispatch(header, body.FirstSpan);
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)body.Length);
        body.CopyTo(rented);
        var done = Dispatch(header, rented.AsSpan(0, (int)body.Length));
        ArrayPool<byte>.Shared.Return(rented);
        return done;
    }

    public void EndBatch() => handler.OnBatchEnd(client);

    private bool Dispatch(byte header, ReadOnlySpan<byte> body)
    {
        var type = (PacketType)(header >> 4);
        switch (type)
        {
            case PacketType.Publish:
                return OnPublish(header, body);
            case PacketType.PubAck or PacketType.PubRel:
                Check(AckPacket.TryDecode(header, body, version, out var ack), type, ack, static (d, a) => d.OnAck(a));
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                Check(SubAckPacket.TryDecode(header, body, version, out var reply), type, reply, static (d, r) => d.OnReply(r));
                break;
            case PacketType.PingResp:
                break;
            case PacketType.Disconnect when version == ProtocolVersion.V500:
                Check(DisconnectPacket.TryDecode(header, body, version, out var disconnect), type, disconnect, static (d, p) => d.OnDisconnect(p));
                break;
            default:
                client.Fail(ReasonCode.ProtocolError, $"{client.Address} sent {type}, which a server must not send here");
                break;
        }

        return true;
    }

    private void Check<T>(ReasonCode decoded, PacketType type, T packet, Action<PacketDispatcher, T> act)
    {
        if (decoded != ReasonCode.Success)
        {
            client.Fail(decoded, $"{client.Address} sent a {type} that cannot be read ({decoded})");
            return;
        }

        act(this, packet);
    }

    private bool OnPublish(byte header, ReadOnlySpan<byte> body)
    {
        var code = PublishPacket.TryDecode(header, body, version, _topics, default, time.GetTimestamp(), out var packet);

        // No Topic Alias Maximum was sent: none may be used (§3.1.2.11.5).
        if (code == ReasonCode.Success && packet.TopicAlias != 0)
        {
            code = ReasonCode.TopicAliasInvalid;
        }

        if (code == ReasonCode.Success && !TopicName.IsValid(packet.Message.Topic))
        {
            code = ReasonCode.TopicNameInvalid;
        }

        if (code != ReasonCode.Success)
        {
            client.Fail(code, $"{client.Address} sent a message that cannot be read ({code})");
            return true;
        }

        var ticket = 0L;
        if (packet.PacketId != 0)
        {
            ticket = inbound.Add(packet.PacketId, packet.Message.Qos);
            if (ticket == 0 && version < ProtocolVersion.V500)
            {
                return false;
            }

            if (ticket == 0)
            {
                client.Fail(ReasonCode.ReceiveMaximumExceeded, $"{client.Address} sent more messages than our Receive Maximum allows");
                return true;
            }

            if (ticket < 0)
            {
                inbound.Repeat(packet.PacketId);
                return true;
            }
        }

        handler.OnMessage(client, new ReceivedMessage(packet.Message, packet.Dup, ticket));
        return true;
    }

    private void OnAck(AckPacket ack)
    {
        if (ack.Type == PacketType.PubRel)
        {
            inbound.Release(ack.PacketId);
        }
        else if (window.TryFree(ack.PacketId, out var token, out var waiter))
        {
            if (waiter is not null)
            {
                waiter.TrySetResult(ack.ReasonCode);
            }
            else
            {
                handler.OnPublished(client, token, ack.ReasonCode);
            }
        }
    }

    private void OnReply(SubAckPacket packet) => replies.Complete(packet);

    private void OnDisconnect(DisconnectPacket packet)
    {
        var said = packet.ReasonString is { } text ? $": {text}" : "";
        said += packet.ServerReference is { } elsewhere ? $" (it names {elsewhere} instead)" : "";
        client.End(
            MqttCloseKind.ServerDisconnect, packet.ReasonCode, $"{client.Address} disconnected us with 0x{(byte)packet.ReasonCode:X2} {packet.ReasonCode}{said}");
    }
}
