using Microsoft.Extensions.Logging;

namespace Gateway.Applying;

internal static partial class ApplyLog
{
    [LoggerMessage(5600, LogLevel.Information, "the configuration of {From} is taken over, by {By}; it is watched for {Seconds} s")]
    public static partial void TakenOver(ILogger log, string from, string by, double seconds);

    [LoggerMessage(5601, LogLevel.Information, "the configuration of {From} proved itself: it is kept, also for the next start")]
    public static partial void Kept(ILogger log, string from);

    [LoggerMessage(5602, LogLevel.Error, "taking the configuration over failed, which is a defect of this program; it goes back to the one before")]
    public static partial void Defect(ILogger log, Exception error);

    [LoggerMessage(5603, LogLevel.Warning, "the configuration could not be kept for the next start: {Problem}")]
    public static partial void NotKept(ILogger log, string problem);
}
