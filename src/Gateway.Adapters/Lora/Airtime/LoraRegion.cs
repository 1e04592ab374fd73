namespace Gateway.Adapters.Lora;

/// <summary>What a region allows. The tables help to keep the rules; whoever operates the transmitter answers for it.</summary>
/// <param name="Name">As in <c>region: eu868</c>.</param>
/// <param name="Document">Where it stands.</param>
/// <param name="IsErp">Power counts as e.r.p. (2.15 dB below e.i.r.p.).</param>
/// <param name="Bands">From the lowest.</param>
public sealed record LoraRegion(string Name, string Document, bool IsErp, IReadOnlyList<RegionBand> Bands)
{
    private static readonly TimeSpan s_dwell = TimeSpan.FromMilliseconds(400);

    /// <remarks>
    /// Sources read: of eu868 the power and duty cycle of 868.0–868.6, 868.7–869.2 and 869.4–869.65 MHz (Commission Implementing Decision (EU) 2017/1483, as quoted by a national table); of kr920
    /// the powers. The others are as the named documents are remembered, and not marked <see cref="RegionBand.IsVerified"/>.
    /// </remarks>
    public static IReadOnlyList<LoraRegion> All { get; } =
    [
        new("eu868", "ERC Recommendation 70-03, annex 1; Commission Implementing Decision (EU) 2017/1483", IsErp: true,
        [
            new(863_000_000, 865_000_000, 14, 0.001m),
            new(865_000_000, 868_000_000, 14, 0.01m),
            new(868_000_000, 868_600_000, 14, 0.01m) { IsVerified = true },
            new(868_700_000, 869_200_000, 14, 0.001m) { IsVerified = true },
            new(869_400_000, 869_650_000, 27, 0.1m) { IsVerified = true },
            new(869_700_000, 870_000_000, 14, 0.01m),
        ]),
        new("eu433", "ERC Recommendation 70-03, annex 1", IsErp: true, [new(433_050_000, 434_790_000, 10, 0.1m)]),
        new("us915", "47 CFR 15.247", IsErp: false, [new(902_000_000, 928_000_000, 30, 1, s_dwell, WideFrom: 500_000)]),
        new("au915", "LoRa Alliance RP002, AU915-928", IsErp: false, [new(915_000_000, 928_000_000, 30, 1, s_dwell, WideFrom: 500_000)]),
        new("as923", "LoRa Alliance RP002, AS923", IsErp: false, [new(920_000_000, 925_000_000, 16, 1, s_dwell)]),
        new("in865", "LoRa Alliance RP002, IN865-867", IsErp: false, [new(865_000_000, 867_000_000, 30)]),
        new("kr920", "LoRaWAN Regional Parameters 1.0.3, KR920-923 §2.9.3", IsErp: false, [new(920_900_000, 922_000_000, 10) { IsVerified = true }, new(922_000_000, 923_300_000, 14) { IsVerified = true }]),
    ];

    public static LoraRegion? Find(string name) => All.FirstOrDefault(r => r.Name == name);

    /// <summary>The band of a channel; null: it is in none.</summary>
    public RegionBand? BandOf(LoraModulation modulation) => Bands.FirstOrDefault(b => b.Holds(modulation));

    /// <summary>What radiates, as the region counts.</summary>
    /// <param name="power">Of the modem in dBm.</param>
    /// <param name="antennaGain">In dBi.</param>
    public decimal Radiated(decimal power, decimal antennaGain) => power + antennaGain - (IsErp ? 2.15m : 0);

    /// <summary>Why this may not be sent here, and what may; null: it may.</summary>
    public (string Wrong, string Instead)? WhyNot(LoraModulation modulation, decimal power, decimal antennaGain)
    {
        if (BandOf(modulation) is not { } band)
        {
            return ($"{modulation.Frequency / 1e6m:0.###} MHz with {modulation.Bandwidth / 1000m:0.##} kHz is not inside a band of {Name}", $"choose within {string.Join(", ", Bands)} ({Document})");
        }

        var radiated = Radiated(power, antennaGain);
        if (radiated > band.MaxPower)
        {
            var most = band.MaxPower - Radiated(0, antennaGain);
            return ($"{power} dBm and an antenna of {antennaGain} dBi radiate {radiated:0.##} dBm, and {Name} allows {band.MaxPower} dBm {(IsErp ? "e.r.p." : "e.i.r.p.")} on {band}", $"write power: {Math.Floor(most)} ({Document})");
        }

        return band.LongestPacket(modulation) is { } dwell && modulation.TimeOnAir(1) > dwell
            ? ($"a packet of one byte takes {modulation.TimeOnAir(1).TotalMilliseconds:0} ms, and {Name} allows {dwell.TotalMilliseconds:0} ms", $"choose a lower spreading-factor or a wider bandwidth ({Document})")
            : null;
    }
}
