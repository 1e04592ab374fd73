using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Modbus;

internal static partial class ModbusLog
{
    [LoggerMessage(3000, LogLevel.Information, "{Link}: connected to {Address}")]
    public static partial void LineUp(this ILogger log, string link, string address);

    [LoggerMessage(3001, LogLevel.Warning, "{Link}: no connection to {Address}: {Reason}. Trying again on and on; {Remedy}")]
    public static partial void LineDown(this ILogger log, string link, string address, string reason, string remedy);

    [LoggerMessage(3002, LogLevel.Warning, "{Link}: {Note}; {Remedy}")]
    public static partial void LineNote(this ILogger log, string link, string note, string remedy);

    [LoggerMessage(3004, LogLevel.Warning, "{Device}: refuses {Point} ({Address}): {Reason}. The other points are read around it; check register and type against the device's manual")]
    public static partial void PointRefused(this ILogger log, string device, string point, string address, string reason);

    [LoggerMessage(3005, LogLevel.Information, "{Device}: {Point} set to {Value}")]
    public static partial void Written(this ILogger log, string device, string point, string value);

    [LoggerMessage(3006, LogLevel.Warning, "{Device}: {Point} could not be set to {Value}: {Reason}")]
    public static partial void WriteFailed(this ILogger log, string device, string point, string value, string reason);

    [LoggerMessage(3007, LogLevel.Warning, "{Link}: the line is {Share:P0} full: polls come late and some are left out; {Remedy}")]
    public static partial void LineOverloaded(this ILogger log, string link, double share, string remedy);

    [LoggerMessage(3008, LogLevel.Information, "{Link}: the line is {Share:P0} full: it keeps up again")]
    public static partial void LineRelieved(this ILogger log, string link, double share);

    [LoggerMessage(3009, LogLevel.Information, "{Device}: does not allow all of it in one request; read in parts from now on: {Parts}")]
    public static partial void ReadInParts(this ILogger log, string device, string parts);
}
