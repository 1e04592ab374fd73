using Microsoft.Extensions.Logging;

namespace Gateway.Pipeline;

internal static partial class PipelineLog
{
    [LoggerMessage(5100, LogLevel.Information, "device {Device} is online")]
    public static partial void DeviceOnline(ILogger log, string device);

    [LoggerMessage(5101, LogLevel.Warning, "device {Device} is offline: {Reason}. {Remedy}")]
    public static partial void DeviceOffline(ILogger log, string device, string reason, string remedy);

    [LoggerMessage(5103, LogLevel.Information, "device {Device} was found on {Link}: it is not in the configuration, which allows it")]
    public static partial void DeviceFound(ILogger log, string device, string link);

    [LoggerMessage(5102, LogLevel.Error, "link {Link} stopped unexpectedly; it is started again in {Delay} s")]
    public static partial void LinkFailed(ILogger log, Exception error, string link, double delay);
}
