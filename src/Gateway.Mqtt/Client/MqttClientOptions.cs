namespace Gateway.Mqtt;

/// <summary>Where a client connects, as whom, and what it asks of the server.</summary>
public sealed record MqttClientOptions
{
    /// <summary>30 s: a dead server is noticed within 45 s, and an idle line costs two bytes a minute.</summary>
    public static readonly TimeSpan DefaultKeepAlive = TimeSpan.FromSeconds(30);

    /// <summary>15 s from the name to the CONNACK: a slow mobile link's TLS handshake fits.</summary>
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>20 s without the socket taking anything: the peer is gone.</summary>
    public static readonly TimeSpan DefaultWriteTimeout = TimeSpan.FromSeconds(20);

    /// <summary>1,000: the window that fills a 50 ms link at 20,000 messages a second.</summary>
    public const int DefaultMaximumInflight = 1_000;

    /// <summary>100 messages that wait for our acknowledgement (Receive Maximum).</summary>
    public const ushort DefaultReceiveMaximum = 100;

    /// <summary>256 KiB, fixed header included (Maximum Packet Size).</summary>
    public const int DefaultMaximumPacketSize = 256 << 10;

    /// <summary>4 MiB that the socket has not taken yet; beyond it a publish is turned away, at QoS 0 beyond half of it.</summary>
    public const int DefaultWriteLimit = 4 << 20;

    /// <summary>Name or address; also the name that the server's certificate must carry.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>null: plain TCP.</summary>
    public TlsFiles? Tls { get; init; }

    public ProtocolVersion Version { get; init; } = ProtocolVersion.V500;

    public string ClientId { get; init; } = "";

    public string? Username { get; init; }

    public string? Password { get; init; }

    public bool CleanStart { get; init; } = true;

    /// <summary>Seconds that the server keeps the session (§3.1.2.11.2); before 5.0 it has no meaning.</summary>
    public uint SessionExpirySeconds { get; init; }

    /// <summary>1 s to 65,535 s; the server may set a shorter one (§3.2.2.3.14).</summary>
    public TimeSpan KeepAlive { get; init; } = DefaultKeepAlive;

    public TimeSpan ConnectTimeout { get; init; } = DefaultConnectTimeout;

    public TimeSpan WriteTimeout { get; init; } = DefaultWriteTimeout;

    /// <summary>Most unacknowledged publishes; the server's Receive Maximum may lower it.</summary>
    public int MaximumInflight { get; init; } = DefaultMaximumInflight;

    public ushort ReceiveMaximum { get; init; } = DefaultReceiveMaximum;

    /// <summary>Bytes.</summary>
    public int MaximumPacketSize { get; init; } = DefaultMaximumPacketSize;

    /// <summary>Bytes.</summary>
    public int WriteLimit { get; init; } = DefaultWriteLimit;

    public Will? Will { get; init; }

    /// <summary>Says whether the wall clock can be believed; names the clock in errors about a certificate's dates.</summary>
    public Func<bool> IsClockTrusted { get; init; } = static () => true;
}
