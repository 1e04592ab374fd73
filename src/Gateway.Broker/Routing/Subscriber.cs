using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>One entry under one topic filter: a client's subscription, or one within the process.</summary>
/// <param name="Session">The client's session; null: within the process.</param>
/// <param name="Deliver">Within the process.</param>
/// <param name="Options">The client's options.</param>
internal sealed record Subscriber(Session? Session, Action<MqttMessage>? Deliver, Subscription Options);

/// <summary>All entries under one topic filter; never changed, only replaced.</summary>
internal sealed class SubscriberSet(Subscriber[] entries)
{
    public IReadOnlyList<Subscriber> Entries => entries;

    /// <summary>With the entry added, or put in place of the same session's (MQTT-3.8.4-3).</summary>
    public static SubscriberSet With(SubscriberSet? before, Subscriber entry)
    {
        var old = before?.Entries ?? [];
        return new([.. old.Where(e => entry.Session is null || e.Session != entry.Session), entry]);
    }

    /// <returns>null: nobody is left.</returns>
    public static SubscriberSet? Without(SubscriberSet? before, Session session) => Of(before?.Entries.Where(e => e.Session != session));

    /// <returns>null: nobody is left.</returns>
    public static SubscriberSet? Without(SubscriberSet? before, Subscriber entry) => Of(before?.Entries.Where(e => e != entry));

    private static SubscriberSet? Of(IEnumerable<Subscriber>? entries) => entries?.ToArray() is { Length: > 0 } left ? new(left) : null;
}
