using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A Modbus line that is reached over the network.</summary>
public abstract record ModbusHostOptions(string Id, string Type, SourcePosition Position) : ModbusLinkOptions(Id, Type, Position)
{
    /// <summary>502: registered for Modbus.</summary>
    public const int DefaultPort = 502;

    /// <summary>Name or address.</summary>
    public required string Host { get; init; }

    public int Port { get; init; } = DefaultPort;

    public override string Address => At(Host, Port);

    /// <summary>As people write it.</summary>
    private protected static string At(string host, int port) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
}
