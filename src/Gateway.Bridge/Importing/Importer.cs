using Gateway.Broker;
using Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace Gateway.Bridge;

/// <summary>Takes upstream's messages in: subscribes, rewrites topics, publishes on the LAN, acknowledges once that is durable.</summary>
internal sealed class Importer(string bridge, BridgeContext context, IReadOnlyList<RewriteRule> rules, AlertGate alerts, ILogger logger)
{
    /// <summary>Filters in one SUBSCRIBE: stays below any broker's packet limit.</summary>
    private const int FiltersPerPacket = 50;

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
        foreach (var chunk in rules.Select(static r => r.Domain).Distinct().Chunk(FiltersPerPacket))
        {
            var subscriptions = chunk.Select(static f =>
                new Subscription(f, QualityOfService.AtLeastOnce, NoLocal: true, RetainAsPublished: true, RetainHandling.SendIfNew)).ToArray();
            if (await client.SubscribeAsync(subscriptions, cancellation) is not { } codes)
            {
                return false;
            }

            for (var i = 0; i < Math.Min(codes.Count, chunk.Length); i++)
            {
                if (codes[i].IsFailure())
                {
                    BridgeLog.SubscriptionRefused(logger, bridge, chunk[i], (byte)codes[i], codes[i]);
                    alerts.Raise("subscribe", chunk[i], $"upstream refuses the subscription to {chunk[i]} with 0x{(byte)codes[i]:X2} {codes[i]}", "allow this client to subscribe there");
                }
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

    private void Acknowledge(in ReceivedMessage received, long lsn, ReasonCode reason)
    {
        if (received.Ticket != 0)
        {
            _acknowledgements.Add(received.Ticket, lsn, reason);
        }
    }
}
