using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A Modbus line that is reached over a TCP connection.</summary>
public abstract record ModbusHostOptions(string Id, string Type, SourcePosition Position) : ModbusLinkOptions(Id, Type, Position)
{
    /// <summary>502: registered for Modbus.</summary>
    public const int DefaultPort = 502;

    /// <summary>3 s: lets TCP repeat a lost SYN once (after 1 s), and does not wait for a host that is not there.</summary>
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Name or address.</summary>
    public required string Host { get; init; }

    public int Port { get; init; } = DefaultPort;

    public TimeSpan ConnectTimeout { get; init; } = DefaultConnectTimeout;

    /// <summary>Pause between connecting and the first request, for devices that accept before they are ready.</summary>
    public TimeSpan ConnectDelay { get; init; }

    public override string Address => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
