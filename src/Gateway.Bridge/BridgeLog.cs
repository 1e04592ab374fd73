using Gateway.Mqtt;
using Gateway.Storage;
using Microsoft.Extensions.Logging;

namespace Gateway.Bridge;

/// <summary>Events 4000 to 4999.</summary>
internal static partial class BridgeLog
{
    [LoggerMessage(4000, LogLevel.Information, "Bridge {Bridge}: connected to {Server}, {Session}, window {Window}")]
    public static partial void Connected(ILogger logger, string bridge, string server, string session, int window);

    [LoggerMessage(4001, LogLevel.Warning, "Bridge {Bridge}: {Reason}. {Remedy}")]
    public static partial void Degraded(ILogger logger, string bridge, string reason, string remedy);

    [LoggerMessage(4002, LogLevel.Information, "Bridge {Bridge}: stopped")]
    public static partial void Stopped(ILogger logger, string bridge);

    [LoggerMessage(4003, LogLevel.Debug, "Bridge {Bridge}: next attempt in {Delay}")]
    public static partial void Retrying(ILogger logger, string bridge, TimeSpan delay);

    [LoggerMessage(4010, LogLevel.Warning, "Stream {Stream}: upstream answers 0x{Code:X2} {Reason}; sending resumes in {Delay}")]
    public static partial void Held(ILogger logger, StreamId stream, byte code, ReasonCode reason, TimeSpan delay);

    [LoggerMessage(4011, LogLevel.Information, "Stream {Stream}: upstream knows that {From} to {To} will not arrive ({Reason})")]
    public static partial void GapTold(ILogger logger, StreamId stream, ulong from, ulong to, string reason);

    [LoggerMessage(4012, LogLevel.Information, "Stream {Stream}: upstream takes {Topic}, but nobody listens there")]
    public static partial void Unheard(ILogger logger, StreamId stream, string topic);

    [LoggerMessage(4020, LogLevel.Warning, "Bridge {Bridge}: upstream refuses the subscription to {Filter} with 0x{Code:X2} {Reason}")]
    public static partial void SubscriptionRefused(ILogger logger, string bridge, string filter, byte code, ReasonCode reason);

    [LoggerMessage(4023, LogLevel.Warning, "Bridge {Bridge}: upstream grants the subscription to {Filter} at QoS 0 only: what is lost on the way is not sent again")]
    public static partial void SubscriptionWeakened(ILogger logger, string bridge, string filter);

    [LoggerMessage(4021, LogLevel.Warning, "Bridge {Bridge}: the journal cannot take what upstream sends; it is not acknowledged and is asked for again in {Delay}")]
    public static partial void ImportBroken(ILogger logger, string bridge, TimeSpan delay);

    [LoggerMessage(4022, LogLevel.Information, "Bridge {Bridge}: upstream sends {Topic}, which no import rule wants any more; such messages are dropped")]
    public static partial void Unwanted(ILogger logger, string bridge, string topic);

    [LoggerMessage(4030, LogLevel.Error, "Bridge {Bridge}: failed unexpectedly; it starts again")]
    public static partial void Unexpected(ILogger logger, Exception e, string bridge);
}
