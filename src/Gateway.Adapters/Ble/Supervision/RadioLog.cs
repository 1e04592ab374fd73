using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Ble;

/// <summary>Events 3150 to 3159.</summary>
internal static partial class RadioLog
{
    [LoggerMessage(3150, LogLevel.Warning, "{Link}: nothing heard for {Seconds:0} s; the scan is started anew")]
    public static partial void ScanRestarted(this ILogger log, string link, double seconds);

    [LoggerMessage(3151, LogLevel.Warning, "{Link}: nothing heard for {Seconds:0} s, and a new scan did not help; the adapter is switched off and on")]
    public static partial void PowerCycled(this ILogger log, string link, double seconds);

    [LoggerMessage(3152, LogLevel.Information, "{Link}: hears again after {Cure}")]
    public static partial void HearsAgain(this ILogger log, string link, string cure);

    [LoggerMessage(3153, LogLevel.Warning, "{Link}: {Note}; {Remedy}")]
    public static partial void RadioNote(this ILogger log, string link, string note, string remedy);

    [LoggerMessage(3154, LogLevel.Warning, "{Link}: {Step} did not work: {Reason}; {Remedy}")]
    public static partial void CureFailed(this ILogger log, string link, string step, string reason, string remedy);
}
