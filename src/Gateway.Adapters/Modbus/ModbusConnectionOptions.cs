using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A Modbus line that is reached over a TCP connection.</summary>
public abstract record ModbusConnectionOptions(string Id, string Type, SourcePosition Position) : ModbusHostOptions(Id, Type, Position)
{
    /// <summary>3 s: lets TCP repeat a lost SYN once (after 1 s), and does not wait for a host that is not there.</summary>
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(3);

    public TimeSpan ConnectTimeout { get; init; } = DefaultConnectTimeout;

    /// <summary>Pause between connecting and the first request, for devices that accept before they are ready.</summary>
    public TimeSpan ConnectDelay { get; init; }

    /// <summary>Serves while the host does not; null: there is none.</summary>
    public string? BackupHost { get; init; }

    /// <summary>null: the host's.</summary>
    public int? BackupPort { get; init; }

    /// <summary>The connection is closed after so long without a request; null: it stays.</summary>
    public TimeSpan? CloseAfterIdle { get; init; }

    /// <summary>As people write it; empty: there is none.</summary>
    public string BackupAddress => BackupHost is null ? "" : At(BackupHost, BackupPort ?? Port);
}
