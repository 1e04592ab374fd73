namespace Gateway.Adapters.Lora;

/// <summary>Some frequencies of a region, and what is allowed on them.</summary>
/// <param name="Low">Its lower end in Hz.</param>
/// <param name="High">Its upper end in Hz.</param>
/// <param name="MaxPower">Radiated power in dBm: e.i.r.p., or e.r.p. where the region counts so.</param>
/// <param name="DutyCycle">Share of an hour that one sender may send; 1: no limit.</param>
/// <param name="Dwell">Longest packet; null: any.</param>
/// <param name="WideFrom">Bandwidth in Hz from which on <paramref name="Dwell"/> does not hold; 0: it always does.</param>
public sealed record RegionBand(long Low, long High, decimal MaxPower, decimal DutyCycle = 1, TimeSpan? Dwell = null, int WideFrom = 0)
{
    /// <summary>Its figures were compared with the document; of others check says that they were not.</summary>
    public bool IsVerified { get; init; }

    /// <summary>The whole channel is in it.</summary>
    public bool Holds(LoraModulation modulation) => modulation.Frequency - (modulation.Bandwidth / 2) >= Low && modulation.Frequency + (modulation.Bandwidth / 2) <= High;

    public TimeSpan? LongestPacket(LoraModulation modulation) => WideFrom > 0 && modulation.Bandwidth >= WideFrom ? null : Dwell;

    public override string ToString() => $"{Low / 1e6m:0.###} to {High / 1e6m:0.###} MHz";
}
