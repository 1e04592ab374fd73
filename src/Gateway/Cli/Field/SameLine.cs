using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary>Whether a line that is described on the command line is one that the gateway holds.</summary>
internal static class SameLine
{
    /// <summary>The same host and port, or the same serial port under whatever name.</summary>
    public static bool Is(ModbusLinkOptions line, string held) => line is ModbusSerialOptions serial
        ? held.StartsWith('/') && Real(serial.Serial.Path) == Real(PathOf(held))
        : string.Equals(line.Address, held, StringComparison.OrdinalIgnoreCase);

    /// <summary>Its characters look the same as well.</summary>
    public static bool IsAlike(ModbusLinkOptions line, string held) => line is not ModbusSerialOptions serial || held.EndsWith($" {serial.Serial.Format}", StringComparison.Ordinal);

    /// <summary><c>/dev/ttyUSB0</c> of <c>/dev/ttyUSB0 19200 8E1</c>.</summary>
    private static string PathOf(string address)
    {
        var words = address.Split(' ');
        return string.Join(' ', words[..Math.Max(1, words.Length - 2)]);
    }

    private static string Real(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            // Not there, or a loop: opening it says so.
            return path;
        }
    }
}
