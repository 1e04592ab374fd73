using Gateway.Configuration;

namespace Gateway.Broker;

/// <summary>The <c>broker</c> section.</summary>
public sealed record BrokerOptions
{
    /// <summary>One listener on 127.0.0.1:1883: reachable for tools on the machine, closed to everybody else.</summary>
    public static readonly IReadOnlyList<ListenerOptions> DefaultListeners = [new ListenerOptions()];

    public IReadOnlyList<ListenerOptions> Listeners { get; init; } = DefaultListeners;

    /// <summary>Whether clients without a user name may connect from elsewhere than loopback. Loopback may whenever no password file is configured.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Absolute path of a file in mosquitto_passwd's format ($7$, $6$); null: no users.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Users that the gateway made by itself, for a configuration without a password file; null: none were made.</summary>
    public string? OwnUsers { get; init; }

    /// <summary>Why they could not be made: then nobody gets in from other machines.</summary>
    public string? NoUsersBecause { get; init; }

    /// <summary>The file with the users; null: there are none.</summary>
    public string? Users => PasswordFile ?? OwnUsers;

    /// <summary>Absolute path of a file in Mosquitto's ACL format; null: the users' roles decide.</summary>
    public string? AclFile { get; init; }

    /// <summary>The topics that roles are about.</summary>
    public RoleTopics RoleTopics { get; init; } = RoleTopics.Default;

    public BrokerLimits Limits { get; init; } = new();
}

/// <summary>One address on which the broker accepts MQTT.</summary>
public sealed record ListenerOptions
{
    public const string DefaultBind = "127.0.0.1";

    /// <summary>MQTT's registered port.</summary>
    public const int DefaultPort = 1883;

    /// <summary>IPv4 or IPv6 address.</summary>
    public string Bind { get; init; } = DefaultBind;

    /// <summary>0: one that is free (tests).</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>null: plain TCP.</summary>
    public ListenerTlsOptions? Tls { get; init; }

    /// <summary>Where it is configured.</summary>
    public SourcePosition Position { get; init; }
}

/// <summary>What all clients together, and each alone, may take.</summary>
public sealed record BrokerLimits
{
    /// <summary>1,000 clients: far above a LAN's needs, far below what a Pi's memory holds.</summary>
    public const int DefaultClients = 1_000;

    /// <summary>256 KiB: no telemetry is larger, and a hostile one costs little.</summary>
    public const int DefaultPacket = 256 << 10;

    /// <summary>64 MiB for all clients' queues together: a quarter of the smallest Pi's spare memory.</summary>
    public const long DefaultMemory = 64L << 20;

    /// <summary>100 unacknowledged messages each way (Receive Maximum).</summary>
    public const int DefaultInflight = 100;

    /// <summary>7 days, as long as the outbox keeps.</summary>
    public static readonly TimeSpan DefaultSessionExpiry = TimeSpan.FromDays(7);

    public int Clients { get; init; } = DefaultClients;

    /// <summary>Bytes, fixed header included (Maximum Packet Size).</summary>
    public int Packet { get; init; } = DefaultPacket;

    /// <summary>Bytes in all clients' queues.</summary>
    public long Memory { get; init; } = DefaultMemory;

    public int Inflight { get; init; } = DefaultInflight;

    /// <summary>Longest life of a session without its client; longer wishes are cut to it.</summary>
    public TimeSpan SessionExpiry { get; init; } = DefaultSessionExpiry;
}
