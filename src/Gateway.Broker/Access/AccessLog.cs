using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

internal static partial class AccessLog
{
    [LoggerMessage(1020, LogLevel.Warning, "A login of {User} from {Address} failed: wrong password ({Failures} so far)")]
    public static partial void LoginFailed(ILogger logger, string user, string address, int failures);

    [LoggerMessage(1021, LogLevel.Warning, "{Who} at {Address} is locked out for {Seconds} s after too many failed logins; a reload forgets it (systemctl reload edge-gateway)")]
    public static partial void LockedOut(ILogger logger, string who, string address, int seconds);

    [LoggerMessage(1022, LogLevel.Warning, "A client certificate from {Address} was refused: {Why}")]
    public static partial void CertificateRefused(ILogger logger, string address, string why);

    [LoggerMessage(1023, LogLevel.Information, "The certificate {File} was read anew: valid until {Until:u}; connections stay")]
    public static partial void CertificateReplaced(ILogger logger, string file, DateTimeOffset until);

    [LoggerMessage(1024, LogLevel.Error, "Certificates not read anew, those from before stay: {Problem}")]
    public static partial void CertificateNotReplaced(ILogger logger, string problem);
}
