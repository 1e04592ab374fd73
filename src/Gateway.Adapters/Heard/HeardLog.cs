using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Heard;

/// <summary>Events 3300 to 3399.</summary>
internal static partial class HeardLog
{
    [LoggerMessage(3300, LogLevel.Warning, "{Link}: {Address} is allowed, and its id {Device} is another device's; give unknown another id")]
    public static partial void IdTaken(this ILogger log, string link, string address, string device);

    [LoggerMessage(3301, LogLevel.Warning, "{Link}: {Limit} unknown devices were let in, which is unknown's limit; further ones are only listed")]
    public static partial void TooManyUnknown(this ILogger log, string link, int limit);
}
