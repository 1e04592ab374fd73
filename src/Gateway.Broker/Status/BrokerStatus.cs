using System.Net;

namespace Gateway.Broker;

/// <summary>The broker at one moment, for <c>status</c>.</summary>
/// <param name="Listeners">Addresses that accept clients.</param>
/// <param name="ClientsConnected">Clients that are here.</param>
/// <param name="Sessions">Clients that are here, and those that are remembered.</param>
/// <param name="Subscriptions">Of all clients.</param>
/// <param name="RetainedMessages">Topics with a retained message.</param>
/// <param name="RetainedBytes">What they take.</param>
/// <param name="QueuedBytes">In all clients' queues, what is in flight included.</param>
/// <param name="Received">PUBLISH packets from clients since the start.</param>
/// <param name="Sent">PUBLISH packets to clients since the start.</param>
/// <param name="Dropped">Messages that somebody did not get, since the start.</param>
/// <param name="Access">What there is to say about who gets in.</param>
public sealed record BrokerStatus(
    IReadOnlyList<IPEndPoint> Listeners,
    int ClientsConnected,
    int Sessions,
    long Subscriptions,
    int RetainedMessages,
    long RetainedBytes,
    long QueuedBytes,
    long Received,
    long Sent,
    IReadOnlyDictionary<DropReason, long> Dropped,
    IReadOnlyList<AccessNotice> Access);

/// <summary>Something about who gets in that a person should know.</summary>
/// <param name="Text">What is the matter.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="IsFault">Whether it keeps somebody out who should get in.</param>
public sealed record AccessNotice(string Text, string Remedy, bool IsFault);
