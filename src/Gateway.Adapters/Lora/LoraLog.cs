using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Lora;

/// <summary>Events 3200 to 3299.</summary>
internal static partial class LoraLog
{
    [LoggerMessage(3200, LogLevel.Information, "{Link}: the modem on {Address} listens")]
    public static partial void ModemUp(this ILogger log, string link, string address);

    [LoggerMessage(3201, LogLevel.Warning, "{Link}: {Address}: {Reason}. Trying again on and on; {Remedy}")]
    public static partial void ModemDown(this ILogger log, string link, string address, string reason, string remedy);

    [LoggerMessage(3202, LogLevel.Warning, "{Link}: the modem has started again by itself and is set up anew; if that happens often, look at its supply")]
    public static partial void ModemRestarted(this ILogger log, string link);

    [LoggerMessage(3203, LogLevel.Information, "{Device}: {Point} set to {Value}")]
    public static partial void Written(this ILogger log, string device, string point, string value);

    [LoggerMessage(3204, LogLevel.Warning, "{Device}: {Point} could not be set to {Value}: {Reason}")]
    public static partial void WriteFailed(this ILogger log, string device, string point, string value, string reason);

    [LoggerMessage(3205, LogLevel.Warning, "{Device}: its payload is understood in part: {Reason}; {Remedy}")]
    public static partial void PartlyUnderstood(this ILogger log, string device, string reason, string remedy);

    [LoggerMessage(3208, LogLevel.Warning, "{Link}: the counters of nodes with a key cannot be kept in {File}: {Reason}. Nodes are heard all the same, and after a restart what was recorded meanwhile could be played back; nothing is sent to them. See dmesg; free or replace the disk")]
    public static partial void CountersNotKept(this ILogger log, string link, string reason, string file);
}
