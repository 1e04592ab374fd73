using Gateway.Adapters.Modbus;
using Gateway.Adapters.Serial;
using Gateway.Mqtt;

namespace Gateway.Cli;

/// <summary>A line that was described on the command line, as an entry of <c>links</c>.</summary>
internal static class LineYaml
{
    public static string Of(ModbusLinkOptions line, string id) => line switch
    {
        ModbusTlsOptions tls => $"{{ {Host(tls, id, ModbusTlsOptions.DefaultTlsPort)}, tls: {Tls(tls.Tls)} }}",
        ModbusHostOptions host => $"{{ {Host(host, id, ModbusHostOptions.DefaultPort)} }}",
        ModbusSerialOptions { Serial: var port } => $"{{ id: {id}, type: {line.Type}, serial-port: {Quoted(port.Path)}, baud: {port.Baud}{DataBits(line, port)}, parity: {port.Parity.Word()}{(port.StopBits == 1 ? "" : $", stop-bits: {port.StopBits}")} }}",
        _ => $"{{ id: {id}, type: {line.Type} }}",
    };

    private static string Host(ModbusHostOptions line, string id, int usual) => $"id: {id}, type: {line.Type}, host: {Quoted(line.Host)}{(line.Port == usual ? "" : $", port: {line.Port}")}";

    /// <summary>Empty braces stand for the system's authorities.</summary>
    private static string Tls(TlsFiles files)
    {
        var keys = ((string Key, string? Path)[])[("ca", files.Ca), ("certificate", files.Certificate), ("key", files.Key)];
        var said = string.Join(", ", keys.Where(static k => k.Path is not null).Select(static k => $"{k.Key}: {Quoted(k.Path!)}"));
        return said.Length == 0 ? "{}" : $"{{ {said} }}";
    }

    private static string DataBits(ModbusLinkOptions line, SerialSettings port) => line is ModbusAsciiOptions && port.DataBits != ModbusAsciiOptions.DefaultDataBits ? $", data-bits: {port.DataBits}" : "";

    /// <summary>What YAML would not take as plain text inside braces is quoted.</summary>
    private static string Quoted(string text) => text.AsSpan().IndexOfAny(" :,{}[]#'\"&*!|>%@`") < 0 ? text : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
