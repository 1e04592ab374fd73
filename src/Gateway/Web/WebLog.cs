using Microsoft.Extensions.Logging;

namespace Gateway.Web;

internal static partial class WebLog
{
    [LoggerMessage(5400, LogLevel.Warning, "{Problem}; metrics and health are not served, everything else is")]
    public static partial void NotServed(ILogger log, string problem);
}
