using Gateway.Broker;
using Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace Gateway.Bridge;

/// <summary>Takes upstream's messages in: subscribes, rewrites topics, publishes on the LAN, acknowledges once that is durable.</summary>
internal sealed class Importer(string bridge, BridgeContext context, IReadOnlyList<RewriteRule> rules, AlertGate alerts, ILogger logger)
{
    /// <summary>Filters in one SUBSCRIBE: AWS IoT Core ends the connection of who sends nine.</summary>
    private const int FiltersPerPacket = 8;

    /// <summary>SUBSCRIBE packets that wait for their answers: a thousand devices' filters take a dozen round trips.</summary>
    private const int PacketsAtOnce = 32;

    private readonly RuleTable _table = new(rules);
    private readonly ImportAcknowledgements _acknowledgements = new(context.Outbox.Durability);
    private readonly MessageOrigin _origin = MessageOrigin.FromBridge(bridge);
    private int _unwantedTold;

    /// <summary>A new connection.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="broken">Called once when the journal fails.</param>
    public void Begin(MqttClient client, Action broken) => _acknowledgements.Begin(client, broken);

    public void End() => _acknowledgements.End();

    /// <summary>Subscribes at QoS 1 with No Local and Retain As Published. Retained messages come only when the subscription is new.</summary>
    /// <returns>Whether upstream has answered all of it; false: the connection ended first.</returns>
    public async Task<bool> SubscribeAsync(MqttClient client, CancellationToken cancellation)
    {
        var filters = rules.Select(static r => r.Domain).Distinct().ToArray();
        if (!client.Limits.WildcardsAvailable)
        {
            // To ask nevertheless is a Protocol Error, which ends the connection (§3.2.2.3.11).
            foreach (var filter in filters.Where(static f => TopicFilter.HasWildcard(f)))
            {
                Refused(filter, ReasonCode.WildcardSubscriptionsNotSupported, "name each topic in import, without + and #");
            }

            filters = [.. filters.Where(static f => !TopicFilter.HasWildcard(f))];
        }

        foreach (var packets in filters.Chunk(FiltersPerPacket).Chunk(PacketsAtOnce))
        {
            var answered = await Task.WhenAll(packets.Select(packet => SubscribeAsync(client, packet, cancellation)));
            if (answered.Contains(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>On the client's reading task.</summary>
    public void OnMessage(MqttClient client, in ReceivedMessage received)
    {
        if (!_acknowledgements.IsOpen)
        {
            context.Metrics.ImportDropped(bridge, "storage");
            return;
        }

        if (_table.Match(received.Message.Topic, out var topic) is null)
        {
            context.Metrics.ImportDropped(bridge, "unwanted");
            if (Interlocked.Exchange(ref _unwantedTold, 1) == 0)
            {
                BridgeLog.Unwanted(logger, bridge, received.Message.Topic);
            }

            Acknowledge(received, 0, ReasonCode.Success);
            return;
        }

        var result = context.Broker.Publish(received.Message with { Topic = topic, Origin = _origin }, acknowledged: received.Ticket != 0);
        switch (result.Status)
        {
            case PublishStatus.QuotaExceeded:
                context.Metrics.ImportDropped(bridge, "quota");
                alerts.Raise("import", "quota", $"a message from upstream on {topic} was refused: a stream that wants it is full", "see which stream is full with status; enlarge it, or let it drop its oldest");
                Acknowledge(received, 0, ReasonCode.QuotaExceeded);
                break;
            case PublishStatus.StorageFailed:
                context.Metrics.ImportDropped(bridge, "storage");
                if (received.Ticket != 0)
                {
                    _acknowledgements.Break();
                }

                break;
            case PublishStatus.Looped:
                context.Metrics.ImportDropped(bridge, "loop");
                Acknowledge(received, result.RequiredLsn, ReasonCode.Success);
                break;
            default:
                context.Metrics.Imported(bridge);
                Acknowledge(received, result.RequiredLsn, ReasonCode.Success);
                break;
        }
    }

    private async Task<bool> SubscribeAsync(MqttClient client, string[] filters, CancellationToken cancellation)
    {
        var subscriptions = filters.Select(static f =>
            new Subscription(f, QualityOfService.AtLeastOnce, NoLocal: true, RetainAsPublished: true, RetainHandling.SendIfNew)).ToArray();
        if (await client.SubscribeAsync(subscriptions, cancellation) is not { } codes)
        {
            return false;
        }

        for (var i = 0; i < Math.Min(codes.Count, filters.Length); i++)
        {
            if (codes[i].IsFailure())
            {
                Refused(filters[i], codes[i], "allow this client to subscribe there");
            }
            else if (codes[i] == ReasonCode.Success)
            {
                // Granted QoS 0 (§3.9.3), where QoS 1 was asked for.
                BridgeLog.SubscriptionWeakened(logger, bridge, filters[i]);
                alerts.Raise("subscribe", filters[i], $"upstream grants the subscription to {filters[i]} at QoS 0 only: what is lost on the way is not sent again", "allow QoS 1 there upstream");
            }
        }

        return true;
    }

    private void Refused(string filter, ReasonCode reason, string remedy)
    {
        BridgeLog.SubscriptionRefused(logger, bridge, filter, (byte)reason, reason);
        alerts.Raise("subscribe", filter, $"upstream refuses the subscription to {filter} with 0x{(byte)reason:X2} {reason}", remedy);
    }

    private void Acknowledge(in ReceivedMessage received, long lsn, ReasonCode reason)
    {
        if (received.Ticket != 0)
        {
            _acknowledgements.Add(received.Ticket, lsn, reason);
        }
    }
}
