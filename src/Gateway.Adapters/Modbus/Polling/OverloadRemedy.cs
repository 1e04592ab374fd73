namespace Gateway.Adapters.Modbus;

/// <summary>What a person can do about a line that is too slow for what is asked of it.</summary>
internal static class OverloadRemedy
{
    public static string Of(ModbusLinkOptions link)
    {
        var serial = link as ModbusSerialOptions;
        var baud = serial is null ? "" : $", raise baud (now {serial.Serial.Baud}) in all its devices";
        var pause = link.DelayBetweenRequests > TimeSpan.Zero ? ", lower delay-between-requests" : "";
        var line = serial is null ? "link" : "line";
        return $"poll slower (every), read more points with each request (max-registers, max-gap){baud}{pause}, or move devices to a {line} of their own";
    }
}
