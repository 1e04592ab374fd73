using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary>A line that was described on the command line, as an entry of <c>links</c>.</summary>
internal static class LineYaml
{
    public static string Of(ModbusLinkOptions line, string id) => line switch
    {
        ModbusHostOptions host => $"{{ id: {id}, type: {host.Type}, host: {Quoted(host.Host)}{(host.Port == ModbusHostOptions.DefaultPort ? "" : $", port: {host.Port}")} }}",
        ModbusSerialOptions rtu =>
            $"{{ id: {id}, type: {rtu.Type}, serial-port: {Quoted(rtu.Serial.Path)}, baud: {rtu.Serial.Baud}, parity: {rtu.Serial.Parity.ToString().ToLowerInvariant()}{(rtu.Serial.StopBits == 1 ? "" : $", stop-bits: {rtu.Serial.StopBits}")} }}",
        _ => $"{{ id: {id}, type: {line.Type} }}",
    };

    /// <summary>What YAML would not take as plain text inside braces is quoted.</summary>
    private static string Quoted(string text) => text.AsSpan().IndexOfAny(" :,{}[]#'\"&*!|>%@`") < 0 ? text : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
