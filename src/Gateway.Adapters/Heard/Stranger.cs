namespace Gateway.Adapters.Heard;

/// <summary>A device that was heard and is not in the configuration.</summary>
/// <param name="Address">As people write it.</param>
public sealed record Stranger(string Address)
{
    /// <summary>What it calls itself; null: it does not say.</summary>
    public string? Name { get; init; }

    /// <summary>Name of the decoder that understands it; null: none does.</summary>
    public string? Decoder { get; init; }

    /// <summary>dBm; null: not told.</summary>
    public int? Rssi { get; init; }

    /// <summary>How often it was heard.</summary>
    public long Count { get; init; }

    /// <summary>Timestamps.</summary>
    public long FirstHeardAt { get; init; }

    public long LastHeardAt { get; init; }
}
