namespace Gateway.Adapters.Lora;

/// <summary>What a modem is told at its start.</summary>
/// <param name="Modulation">How the radio speaks.</param>
/// <param name="Power">Of the modem in dBm.</param>
public sealed record ModemSettings(LoraModulation Modulation, int Power)
{
    /// <summary>The modem's own address, where its protocol has one.</summary>
    public int Address { get; init; }

    /// <summary>Number of the network, where the modem's protocol has one; null: the modem's default.</summary>
    public int? NetworkId { get; init; }

    /// <summary>Sync word of the radio; null: the modem's default.</summary>
    public int? SyncWord { get; init; }
}
