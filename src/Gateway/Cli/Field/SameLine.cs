using Gateway.Adapters.Modbus;
using Gateway.Adapters.Serial;

namespace Gateway.Cli;

/// <summary>Whether a line that is described on the command line is one that the gateway holds.</summary>
internal static class SameLine
{
    /// <summary>The same host and port, or the same serial port under whatever name.</summary>
    /// <param name="line">As it was described.</param>
    /// <param name="type">Type of the link that the gateway holds: a port of UDP is none of TCP.</param>
    /// <param name="held">Its address, as people write it.</param>
    public static bool Is(ModbusLinkOptions line, string type, string held) => line is ModbusSerialOptions serial
        ? held.StartsWith('/') && SerialPath.Real(serial.Serial.Path) == SerialPath.Real(PathOf(held))
        : line is ModbusUdpOptions == (type == ModbusUdpOptions.TypeName) && string.Equals(line.Address, held, StringComparison.OrdinalIgnoreCase);

    /// <summary>Its characters look the same as well.</summary>
    public static bool IsAlike(ModbusLinkOptions line, string held) => line is not ModbusSerialOptions serial || held.EndsWith($" {serial.Serial.Format}", StringComparison.Ordinal);

    /// <summary><c>/dev/ttyUSB0</c> of <c>/dev/ttyUSB0 19200 8E1</c>.</summary>
    private static string PathOf(string address)
    {
        var words = address.Split(' ');
        return string.Join(' ', words[..Math.Max(1, words.Length - 2)]);
    }
}
