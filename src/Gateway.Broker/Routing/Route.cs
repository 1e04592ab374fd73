using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>Everybody who gets what is published to one topic; never changed.</summary>
internal sealed class Route(RouteTarget[] targets, Action<MqttMessage>[] local)
{
    public static readonly Route Empty = new([], []);

    public RouteTarget[] Targets => targets;

    public Action<MqttMessage>[] Local => local;

    public int Size => targets.Length + local.Length;

    /// <summary>Joins overlapping subscriptions: each session that may read the topic gets the message once, at the highest QoS that it asked for (MQTT-3.3.4-2).</summary>
    public static Route Join(string topic, List<SubscriberSet> sets)
    {
        if (sets.Count == 0)
        {
            return Empty;
        }

        var targets = new Dictionary<Session, RouteTarget>();
        var local = new List<Action<MqttMessage>>();
        foreach (var set in sets)
        {
            foreach (var subscriber in set.Entries)
            {
                if (subscriber.Session is { } session)
                {
                    targets[session] = targets.GetValueOrDefault(session, new RouteTarget(session, null, null)).With(subscriber.Options);
                }
                else
                {
                    local.Add(subscriber.Deliver!);
                }
            }
        }

        return new Route([.. targets.Values.Where(t => t.Session.Rights.MayRead(topic))], [.. local]);
    }
}

/// <summary>One session that gets the message.</summary>
/// <param name="Session">The session.</param>
/// <param name="Others">How it gets what others publish.</param>
/// <param name="Own">How it gets what its own client publishes; null: not at all (No Local, MQTT-3.8.3-3).</param>
internal readonly record struct RouteTarget(Session Session, Grant? Others, Grant? Own)
{
    public RouteTarget With(Subscription options) => this with
    {
        Others = Grant.Join(Others, options),
        Own = options.NoLocal ? Own : Grant.Join(Own, options),
    };
}

/// <param name="Qos">Highest QoS.</param>
/// <param name="RetainAsPublished">RETAIN is kept.</param>
/// <param name="Identifiers">Of all subscriptions that have one (MQTT-3.3.4-4).</param>
internal readonly record struct Grant(QualityOfService Qos, bool RetainAsPublished, SubscriptionIdentifiers? Identifiers)
{
    public static Grant Join(Grant? before, Subscription options)
    {
        var identifiers = SubscriptionIdentifiers.With(before?.Identifiers, options.Identifier);
        return before is { } b
            ? new(options.MaximumQos > b.Qos ? options.MaximumQos : b.Qos, b.RetainAsPublished || options.RetainAsPublished, identifiers)
            : new(options.MaximumQos, options.RetainAsPublished, identifiers);
    }
}
