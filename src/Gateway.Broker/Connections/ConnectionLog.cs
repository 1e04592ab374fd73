using Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

internal static partial class ConnectionLog
{
    [LoggerMessage(1000, LogLevel.Information, "{ClientId} has connected from {Remote} ({Version}, session {SessionState})")]
    public static partial void Connected(ILogger logger, string clientId, string remote, ProtocolVersion version, string sessionState);

    [LoggerMessage(1001, LogLevel.Information, "{ClientId} has left")]
    public static partial void Left(ILogger logger, string clientId);

    [LoggerMessage(1002, LogLevel.Information, "{ClientId} is gone without a word; its will is published, if it has one")]
    public static partial void Gone(ILogger logger, string clientId);

    [LoggerMessage(1003, LogLevel.Warning, "{ClientId} at {Remote} was disconnected: {Reason}")]
    public static partial void Closed(ILogger logger, string clientId, string remote, ReasonCode reason);

    [LoggerMessage(1004, LogLevel.Warning, "A client at {Remote} was not let in: there are {Connected} clients of {Limit}, or their identifiers and wills fill the memory; raise broker.limits.clients or memory")]
    public static partial void Full(ILogger logger, string remote, int connected, int limit);

    [LoggerMessage(1005, LogLevel.Debug, "{Remote} did not get as far as a session")]
    public static partial void NotAccepted(ILogger logger, string remote);

    [LoggerMessage(1007, LogLevel.Warning, "{ClientId} (user {User}) may not publish to {Topic}: dropped, and counted from now on; give the user another role, or a line in the acl-file")]
    public static partial void MayNotPublish(ILogger logger, string clientId, string user, string topic);

    [LoggerMessage(1008, LogLevel.Warning, "{ClientId} (user {User}) may not read anything that matches {Filter}: the subscription is refused; give the user another role, or a line in the acl-file")]
    public static partial void MayNotSubscribe(ILogger logger, string clientId, string user, string filter);

    [LoggerMessage(1009, LogLevel.Warning, "The will of {ClientId} is not published: it may not publish to {Topic}")]
    public static partial void WillNotPublished(ILogger logger, string clientId, string topic);

    [LoggerMessage(1006, LogLevel.Error, "The connection from {Remote} ended on an error that nobody foresaw")]
    public static partial void Unexpected(ILogger logger, Exception exception, string remote);
}
