using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>SUBSCRIBE and UNSUBSCRIBE (MQTT 5.0 §3.8, §3.10), and the retained messages that a subscription brings.</summary>
internal sealed class InboundSubscribe(ClientConnection connection, Session session, LocalBroker broker)
{
    /// <returns>Success, or why the connection must end.</returns>
    public ReasonCode Subscribe(byte header, ReadOnlySpan<byte> body)
    {
        var code = SubscribePacket.TryDecode(header, body, connection.Version, out var packet);
        if (code != ReasonCode.Success)
        {
            return code;
        }

        // Announced as absent in CONNACK (§3.2.2.3.13).
        if (connection.Version == ProtocolVersion.V500 && packet.Subscriptions.Any(s => TopicFilter.IsShared(s.Filter)))
        {
            return ReasonCode.SharedSubscriptionsNotSupported;
        }

        var codes = new ReasonCode[packet.Subscriptions.Count];
        var wantRetained = new List<Subscription>();
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = Add(packet.Subscriptions[i] with { Identifier = packet.SubscriptionIdentifier }, wantRetained);
        }

        // The answer stands before the retained messages.
        if (!connection.Control.TryAdd(new SubAckPacket(PacketType.SubAck, packet.PacketId, codes)))
        {
            return ReasonCode.PacketTooLarge;
        }

        foreach (var subscription in wantRetained)
        {
            broker.SendRetained(session, subscription);
        }

        return ReasonCode.Success;
    }

    /// <returns>Success, or why the connection must end.</returns>
    public ReasonCode Unsubscribe(byte header, ReadOnlySpan<byte> body)
    {
        var code = UnsubscribePacket.TryDecode(header, body, connection.Version, out var packet);
        if (code != ReasonCode.Success)
        {
            return code;
        }

        var codes = new ReasonCode[packet.Filters.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            var filter = packet.Filters[i];
            codes[i] = !TopicFilter.IsValid(filter) ? ReasonCode.TopicFilterInvalid
                : session.Unsubscribe(filter) ? ReasonCode.Success
                : ReasonCode.NoSubscriptionExisted;
        }

        return connection.Control.TryAdd(new SubAckPacket(PacketType.UnsubAck, packet.PacketId, codes)) ? ReasonCode.Success : ReasonCode.PacketTooLarge;
    }

    private ReasonCode Add(Subscription options, List<Subscription> wantRetained)
    {
        if (!TopicFilter.IsValid(options.Filter) || TopicFilter.IsShared(options.Filter))
        {
            return ReasonCode.TopicFilterInvalid;
        }

        // Mosquitto grants it and never delivers; who asks is better told (§3.9.3; before 5.0 it becomes 0x80).
        if (!session.Rights.MaySubscribe(options.Filter))
        {
            ConnectionLog.MayNotSubscribe(broker.Log, LogName.Of(session.ClientId), LogName.Of(connection.Parameters.Identity.User ?? "(none)"), LogName.Of(options.Filter));
            return ReasonCode.NotAuthorized;
        }

        if (connection.Parameters.IsBridge)
        {
            options = options with { NoLocal = true, RetainAsPublished = true };
        }

        if (session.Subscribe(options) is not { } isNew)
        {
            return ReasonCode.QuotaExceeded;
        }

        if (options.RetainHandling == RetainHandling.Send || (options.RetainHandling == RetainHandling.SendIfNew && isNew))
        {
            wantRetained.Add(options);
        }

        // Granted QoS 0, 1 or 2 (§3.9.3).
        return (ReasonCode)options.MaximumQos;
    }
}
