using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Ble;

/// <summary>Events 3100 to 3199.</summary>
internal static partial class BleLog
{
    [LoggerMessage(3100, LogLevel.Information, "{Link}: {State}")]
    public static partial void RadioUp(this ILogger log, string link, string state);

    [LoggerMessage(3101, LogLevel.Warning, "{Link}: {State}. Trying again on and on; {Remedy}")]
    public static partial void RadioDown(this ILogger log, string link, string state, string remedy);

    [LoggerMessage(3102, LogLevel.Information, "{Device}: {Point} set to {Value}")]
    public static partial void Written(this ILogger log, string device, string point, string value);

    [LoggerMessage(3103, LogLevel.Warning, "{Device}: {Point} could not be set to {Value}: {Reason}")]
    public static partial void WriteFailed(this ILogger log, string device, string point, string value, string reason);

    [LoggerMessage(3104, LogLevel.Warning, "{Link}: the counters of devices with a key cannot be kept in {File}: {Reason}. They are heard all the same, and after a restart what was recorded meanwhile could be played back. See dmesg; free or replace the disk")]
    public static partial void CountersNotKept(this ILogger log, string link, string reason, string file);
}
