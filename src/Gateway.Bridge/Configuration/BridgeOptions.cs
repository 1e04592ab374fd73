using Gateway.Configuration;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>One entry of <c>bridges</c>: a broker upstream and what goes there and comes from there.</summary>
public sealed record BridgeOptions
{
    public required string Id { get; init; }

    /// <summary>Tried in order.</summary>
    public required IReadOnlyList<UpstreamServer> Servers { get; init; }

    /// <summary>null: the gateway's id.</summary>
    public string? ClientId { get; init; }

    /// <summary>Protocol of the connection; which ones can be configured is the table's to say.</summary>
    public ProtocolVersion Protocol { get; init; } = ProtocolVersion.V500;

    public string? Username { get; init; }

    public Secret? Password { get; init; }

    /// <summary>null with an mqtts server: the system's certificate authorities, no client certificate.</summary>
    public UpstreamTlsOptions? Tls { get; init; }

    /// <summary>The first rule that matches wins.</summary>
    public IReadOnlyList<ForwardRule> Forward { get; init; } = [];

    public IReadOnlyList<ImportRule> Import { get; init; } = [];

    public OutboxOptions Outbox { get; init; } = new();

    /// <summary>Where it is configured.</summary>
    public SourcePosition Position { get; init; }
}

/// <summary>An upstream broker's address, written <c>mqtt://host:1883</c> or <c>mqtts://host:8883</c>.</summary>
public sealed record UpstreamServer(string Host, int Port, bool Tls)
{
    /// <summary>Whether both lead to the same listener.</summary>
    public bool IsSameBroker(UpstreamServer other) => Port == other.Port && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{(Tls ? "mqtts" : "mqtt")}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";
}

/// <summary>PEM files, absolute paths.</summary>
public sealed record UpstreamTlsOptions
{
    /// <summary>Certificate authorities that are trusted instead of the system's.</summary>
    public string? Ca { get; init; }

    public string? Certificate { get; init; }

    public string? Key { get; init; }
}

/// <summary>What goes upstream: a preset, or a filter with its prefixes.</summary>
public sealed record ForwardRule
{
    /// <summary>The preset of readings, presence, health and answers of this gateway's own devices.</summary>
    public const string Standard = "standard";

    /// <summary>The name of the preset (<c>standard</c>), or null.</summary>
    public string? Preset { get; init; }

    /// <summary>Filter on the topic after <see cref="LocalPrefix"/>.</summary>
    public string Filter { get; init; } = "#";

    /// <summary>Taken off the local topic.</summary>
    public string LocalPrefix { get; init; } = "";

    /// <summary>Put before it upstream.</summary>
    public string RemotePrefix { get; init; } = "";

    /// <summary>At least once: through the outbox. At most once: straight through, no promise.</summary>
    public QualityOfService Qos { get; init; } = QualityOfService.AtLeastOnce;

    /// <summary>Where it is configured.</summary>
    public SourcePosition Position { get; init; }
}

/// <summary>What comes from upstream: a preset, or a filter with its prefixes.</summary>
public sealed record ImportRule
{
    /// <summary>The preset of commands to this gateway's own devices.</summary>
    public const string Commands = "commands";

    /// <summary>The name of the preset (<c>commands</c>), or null.</summary>
    public string? Preset { get; init; }

    /// <summary>Filter on the topic after <see cref="RemotePrefix"/>.</summary>
    public string Filter { get; init; } = "#";

    /// <summary>Put before it on the LAN.</summary>
    public string LocalPrefix { get; init; } = "";

    /// <summary>Taken off upstream's topic.</summary>
    public string RemotePrefix { get; init; } = "";

    /// <summary>Where it is configured.</summary>
    public SourcePosition Position { get; init; }
}

/// <summary>The outbox of one bridge; the limits hold for each of its lanes.</summary>
public sealed record OutboxOptions
{
    /// <summary>1 s: a power cut costs at most one second of readings, and a card lives.</summary>
    public static readonly TimeSpan DefaultCommit = TimeSpan.FromSeconds(1);

    /// <summary>How long a reading may wait for its commit. The smallest of all bridges applies to the one journal.</summary>
    public TimeSpan Commit { get; init; } = DefaultCommit;

    public StreamLimits Limits { get; init; } = new();

    /// <summary>Limits of single lanes, complete (what a lane does not set is taken from <see cref="Limits"/>).</summary>
    public IReadOnlyDictionary<Lane, StreamLimits> Lanes { get; init; } = new Dictionary<Lane, StreamLimits>();

    public StreamLimits Of(Lane lane) => Lanes.GetValueOrDefault(lane, Limits);
}
