using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Broker;

/// <summary>What a client publishes: checked, handed to the broker, acknowledged (MQTT 5.0 §3.3, §4.3).</summary>
internal sealed class InboundPublish(ClientConnection connection, Session session, LocalBroker broker, DurabilityGate gate, BrokerCounters counters)
{
    private readonly TopicCache _topics = new();
    private readonly WriteRights _rights = new(session);
    private bool _told;
    private readonly MessageOrigin _origin = MessageOrigin.FromClient(session.ClientId);

    /// <returns>Success, or why the connection must end.</returns>
    public ReasonCode Handle(byte header, ReadOnlySpan<byte> body, long now)
    {
        var code = PublishPacket.TryDecode(header, body, connection.Version, _topics, _origin, now, out var packet);
        if (code == ReasonCode.Success)
        {
            code = Check(packet);
        }

        if (code != ReasonCode.Success)
        {
            return code;
        }

        var message = packet.Message;
        if (message.Qos == QualityOfService.AtMostOnce)
        {
            Publish(message, out _);
            return ReasonCode.Success;
        }

        // A message that is waiting for its PUBREL is acknowledged again and not published again (MQTT-4.3.3-10).
        if (message.Qos == QualityOfService.ExactlyOnce && session.Received.TryGet(packet.PacketId, out var lsn) && gate.StateOf(lsn) != LsnState.Failed)
        {
            connection.Control.Acknowledge(PacketType.PubRec, packet.PacketId, ReasonCode.Success, lsn);
            return ReasonCode.Success;
        }

        if (!connection.Control.TryReceive())
        {
            return ReasonCode.ReceiveMaximumExceeded;
        }

        var reason = Publish(message, out lsn);
        if (reason.IsFailure() && connection.Version < ProtocolVersion.V500)
        {
            // Before 5.0 there is no word for it. What can be taken later is not acknowledged: the client comes back with it; what never can is lost in silence.
            if (reason != ReasonCode.NotAuthorized)
            {
                return reason;
            }

            reason = ReasonCode.Success;
        }

        Acknowledge(packet, reason, lsn);
        return ReasonCode.Success;
    }

    private void Acknowledge(in PublishPacket packet, ReasonCode reason, long lsn)
    {
        if (packet.Message.Qos == QualityOfService.AtLeastOnce)
        {
            connection.Control.Acknowledge(PacketType.PubAck, packet.PacketId, reason, lsn);
            return;
        }

        // A PUBREC that refuses ends the exchange (§4.3.3).
        if (reason.IsFailure())
        {
            session.Received.Remove(packet.PacketId);
        }
        else
        {
            session.Received.Set(packet.PacketId, lsn);
        }

        connection.Control.Acknowledge(PacketType.PubRec, packet.PacketId, reason, lsn);
    }

    private ReasonCode Publish(MqttMessage message, out long lsn)
    {
        lsn = 0;
        if (TopicName.IsReserved(message.Topic))
        {
            counters.Drop(DropReason.ReservedTopic);
            return ReasonCode.NotAuthorized;
        }

        if (!_rights.May(message.Topic))
        {
            counters.Drop(DropReason.NotAuthorized);
            Tell(message.Topic);
            return ReasonCode.NotAuthorized;
        }

        var result = broker.Publish(message, message.Qos > QualityOfService.AtMostOnce);
        lsn = result.RequiredLsn;
        return result.Status switch
        {
            PublishStatus.NoMatchingSubscribers => ReasonCode.NoMatchingSubscribers,
            PublishStatus.QuotaExceeded => ReasonCode.QuotaExceeded,
            PublishStatus.StorageFailed => ReasonCode.ImplementationSpecificError,
            _ => ReasonCode.Success,
        };
    }

    /// <summary>Once per connection: a sensor that may not publish tries again every second.</summary>
    private void Tell(string topic)
    {
        if (!_told)
        {
            _told = true;
            ConnectionLog.MayNotPublish(broker.Log, LogName.Of(session.ClientId), LogName.Of(connection.Parameters.Identity.User ?? "(none)"), LogName.Of(topic));
        }
    }

    private static ReasonCode Check(in PublishPacket packet)
    {
        // Our Topic Alias Maximum is 0 (MQTT-3.3.2-9).
        if (packet.TopicAlias != 0)
        {
            return ReasonCode.TopicAliasInvalid;
        }

        // §3.3.2.1: an empty topic needs an alias; MQTT-3.3.4-6: Subscription Identifiers only come from servers.
        var topic = packet.Message.Topic;
        if (topic.Length == 0 || packet.SubscriptionIdentifiers is not null)
        {
            return ReasonCode.ProtocolError;
        }

        // MQTT-3.3.2-14.
        if (packet.Message.Properties.ResponseTopic is { } response && !TopicName.IsValid(response))
        {
            return ReasonCode.ProtocolError;
        }

        // MQTT-3.3.2-2.
        return TopicName.IsValid(topic) ? ReasonCode.Success : ReasonCode.MalformedPacket;
    }
}
