using Gateway.Adapters.Modbus;
using Gateway.Adapters.Serial;
using Gateway.Mqtt;

namespace Gateway.Cli;

/// <summary>How Modbus may be carried to a device that stands in no configuration: the words of <c>--transport</c>, which are the link types without <c>modbus-</c>.</summary>
internal static class Transport
{
    /// <summary>Id of a link that stands in no configuration.</summary>
    private const string Id = "line";

    public const string Tls = "tls";

    public const string Ascii = "ascii";

    /// <summary>Those of <c>--host</c>; the first unless named.</summary>
    public static IReadOnlyList<string> OverHosts { get; } = ["tcp", "udp", Tls, "rtu-over-tcp", "ascii-over-tcp"];

    /// <summary>Those of <c>--serial-port</c>; the first unless named.</summary>
    public static IReadOnlyList<string> OnSerialPorts { get; } = ["rtu", Ascii];

    /// <param name="word">One of <see cref="OverHosts"/>; null: the first.</param>
    /// <param name="place">The device.</param>
    /// <param name="tls">Certificates, for TLS.</param>
    public static ModbusHostOptions ToHost(string? word, HostPlace place, TlsFiles tls)
    {
        ModbusHostOptions line = word switch
        {
            "udp" => new ModbusUdpOptions(Id, default) { Host = place.Host },
            Tls => new ModbusTlsOptions(Id, default) { Host = place.Host, Tls = tls, Port = ModbusTlsOptions.DefaultTlsPort },
            "rtu-over-tcp" => new ModbusRtuOverTcpOptions(Id, default) { Host = place.Host },
            "ascii-over-tcp" => new ModbusAsciiOverTcpOptions(Id, default) { Host = place.Host },
            _ => new ModbusTcpOptions(Id, default) { Host = place.Host },
        };
        return place.Port is { } port ? line with { Port = port } : line;
    }

    /// <param name="word">One of <see cref="OnSerialPorts"/>; null: the first.</param>
    /// <param name="port">The line.</param>
    public static ModbusSerialOptions OnSerialPort(string? word, SerialSettings port) =>
        word == Ascii ? new ModbusAsciiOptions(Id, default) { Serial = port } : new ModbusRtuOptions(Id, default) { Serial = port };

    /// <summary>How many data bits a character has unless more is said.</summary>
    public static int DataBits(string? word) => word == Ascii ? ModbusAsciiOptions.DefaultDataBits : 8;
}
