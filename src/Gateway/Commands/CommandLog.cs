using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Commands;

internal static partial class CommandLog
{
    [LoggerMessage(5200, LogLevel.Information, "command {Id}: {Result} {Reason}")]
    public static partial void Answered(ILogger log, string id, CommandResult result, string reason);

    [LoggerMessage(5201, LogLevel.Warning, "too many refused commands at once: the answer to {Id} on {Topic} was dropped")]
    public static partial void AnswerDropped(ILogger log, string id, string topic);

    [LoggerMessage(5202, LogLevel.Information, "command {Id}: its answer may not have left before the gateway stopped; it is published again")]
    public static partial void AnsweredAgain(ILogger log, string id);
}
