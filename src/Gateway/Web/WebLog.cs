using Microsoft.Extensions.Logging;

namespace Gateway.Web;

internal static partial class WebLog
{
    [LoggerMessage(5400, LogLevel.Warning, "{Problem}; metrics and health are not served, everything else is")]
    public static partial void NotServed(ILogger log, string problem);

    [LoggerMessage(5401, LogLevel.Error, "{Path} on the control socket failed, which is a defect of this program")]
    public static partial void Defect(ILogger log, Exception error, string path);

    [LoggerMessage(5402, LogLevel.Information, "{Link}: {Who} wrote with a tool: {Change}: {Outcome}")]
    public static partial void FieldChanged(ILogger log, string who, string link, string change, string outcome);
}
