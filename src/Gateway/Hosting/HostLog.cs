using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(5000, LogLevel.Critical, "{Task} failed, which is a defect of this program: it ends, and systemd starts it again")]
    public static partial void TaskFailed(ILogger log, Exception error, string task);

    [LoggerMessage(5001, LogLevel.Information, "ready: {Id}, MQTT on {Listeners}, metrics on {Http}, start {Boot}, data in {Data}")]
    public static partial void Ready(ILogger log, string id, string listeners, string http, int boot, string data);

    [LoggerMessage(5002, LogLevel.Information, "stopping")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(5003, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(5004, LogLevel.Warning, "the clock cannot be trusted: {Explanation}")]
    public static partial void ClockUntrusted(ILogger log, string explanation);

    [LoggerMessage(5005, LogLevel.Information, "the clock is trusted")]
    public static partial void ClockTrusted(ILogger log);

    [LoggerMessage(5006, LogLevel.Information, "users reloaded, with their roles, the acl-file and certificates; other changes are taken over by edge-gateway apply")]
    public static partial void Reloaded(ILogger log);

    [LoggerMessage(5008, LogLevel.Error, "not reloaded: users and rules from before stay until the file is corrected and the gateway told again (systemctl reload edge-gateway)")]
    public static partial void NotReloaded(ILogger log);

    [LoggerMessage(5010, LogLevel.Information, "first start: the user {User} was made, who may do everything; its password is in {File} until it is changed (edge-gateway user passwd {User})")]
    public static partial void FirstUserMade(ILogger log, string user, string file);

    [LoggerMessage(5011, LogLevel.Error, "nobody gets in from other machines: there are no users, and {Why}; correct that and restart, or add a user with edge-gateway user add")]
    public static partial void NoUsers(ILogger log, string why);

    [LoggerMessage(5009, LogLevel.Warning, "{Problem}")]
    public static partial void ReloadProblem(ILogger log, string problem);

    [LoggerMessage(5009, LogLevel.Warning, "the configuration could not be kept for the next start: {Problem}")]
    public static partial void NotKept(ILogger log, string problem);

    [LoggerMessage(5007, LogLevel.Warning, "{Problem}")]
    public static partial void ConfigurationWarning(ILogger log, string problem);
}
