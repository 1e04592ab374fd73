using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway;

/// <summary>All that was configured, read and checked.</summary>
public sealed record GatewayConfiguration
{
    public required GatewayOptions Gateway { get; init; }

    public required TopicOptions Topics { get; init; }

    public required BrokerOptions Broker { get; init; }

    public required IReadOnlyList<LinkOptions> Links { get; init; }

    public required IReadOnlyList<DeviceOptions> Devices { get; init; }

    public required IReadOnlyList<BridgeOptions> Bridges { get; init; }

    public required HttpOptions Http { get; init; }

    /// <summary>The files that were read.</summary>
    public IReadOnlyList<ConfigurationSource> Sources { get; init; } = [];

    /// <summary>The user's own templates that its devices use.</summary>
    public IReadOnlyList<ConfigurationSource> Templates { get; init; } = [];

    /// <summary>Their paths, as the user named the first one.</summary>
    public IReadOnlyList<string> Files => [.. Sources.Select(static s => s.Path)];

    /// <summary>Why this is not the configuration that was asked for, for people; null: it is.</summary>
    public string? InsteadOf { get; init; }
}
