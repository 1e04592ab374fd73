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

    /// <summary>Unit 0 is everybody behind the gateway, and nobody answers; false: it is the device itself (Modbus Messaging on TCP/IP V1.0b §4.4.2.5). On serial lines it always is everybody.</summary>
    public bool Broadcast { get; init; }

    public override bool HasBroadcast => IsSerialLine || Broadcast;

    public override string Address => At(Host, Port);

    /// <summary>As people write it.</summary>
    private protected static string At(string host, int port) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
}
