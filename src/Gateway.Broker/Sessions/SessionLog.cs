using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

internal static partial class SessionLog
{
    [LoggerMessage(1100, LogLevel.Information, "The session of {ClientId} has expired")]
    public static partial void Expired(ILogger logger, string clientId);

    [LoggerMessage(1101, LogLevel.Warning, "Too many sessions without a client, or too large ones: the one of {ClientId}, away for longest, ends; raise broker.limits.clients or memory, or shorten session-expiry")]
    public static partial void Evicted(ILogger logger, string clientId);

    [LoggerMessage(1102, LogLevel.Warning, "The queue of {ClientId}, who is away, is full: acknowledged messages are dropped, oldest first; raise broker.limits.memory, or let the client come back sooner")]
    public static partial void Overflows(ILogger logger, string clientId);

    [LoggerMessage(1103, LogLevel.Warning, "{ClientId} does not keep up and is disconnected; its queue is full")]
    public static partial void TooSlow(ILogger logger, string clientId);

    [LoggerMessage(1105, LogLevel.Warning, "{ClientId} does not keep up and misses messages of QoS 0; its queue is full")]
    public static partial void Misses(ILogger logger, string clientId);

    [LoggerMessage(1104, LogLevel.Warning, "All clients' queues are over {Limit} bytes: {ClientId} has the most and is shed; raise broker.limits.memory")]
    public static partial void Shed(ILogger logger, string clientId, long limit);
}
