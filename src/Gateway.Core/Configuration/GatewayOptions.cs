namespace Gateway.Core;

/// <summary>The <c>gateway</c> section.</summary>
public sealed record GatewayOptions
{
    public const string DefaultRoot = "edge";

    public const string DefaultData = "/var/lib/edge-gateway";

    /// <summary>null: made once at the first start and kept in the data folder.</summary>
    public string? Id { get; init; }

    /// <summary>First levels of all topics.</summary>
    public string Root { get; init; } = DefaultRoot;

    public ClockMode Clock { get; init; } = ClockMode.Auto;

    /// <summary>Absolute path of the data folder.</summary>
    public string Data { get; init; } = DefaultData;

    /// <summary>Bytes that the card or disk below the data folder can be written in its life; null: not known.</summary>
    public long? StorageEndurance { get; init; }
}

public enum ClockMode : byte
{
    /// <summary>Ask the kernel whether the wall clock is synchronised.</summary>
    Auto,

    /// <summary>A battery clock without NTP: believe it.</summary>
    Trusted,
}
