namespace Gateway.Adapters.Lora;

/// <summary>How the radio speaks; sender and receiver must agree on all of it.</summary>
/// <param name="Frequency">Centre frequency in Hz.</param>
/// <param name="SpreadingFactor">5 to 12.</param>
/// <param name="Bandwidth">In Hz.</param>
/// <param name="CodingRate">1 to 4, for 4/5 to 4/8.</param>
/// <param name="Preamble">Symbols that the modem is told to send in front; the radio adds 4.25.</param>
/// <param name="HasCrc">The radio's own checksum.</param>
public sealed record LoraModulation(long Frequency, int SpreadingFactor, int Bandwidth, int CodingRate = 1, int Preamble = 8, bool HasCrc = true)
{
    /// <summary>16 ms: longer symbols need the low data rate optimisation (SX1276 datasheet rev. 7, §4.1.1.6; mandated for 125 kHz with SF11 and SF12).</summary>
    private const double LongSymbol = 0.016;

    /// <summary>Duration of one symbol: 2^SF / BW.</summary>
    public double SymbolSeconds => (1 << SpreadingFactor) / (double)Bandwidth;

    /// <summary>How long a packet occupies the channel, with explicit header.</summary>
    /// <param name="payload">Bytes, with all that the modem adds.</param>
    /// <remarks>Semtech AN1200.13 "LoRa Modem Designer's Guide" §4; SX1276 datasheet rev. 7, §4.1.1.7; for SF5 and SF6 SX1262 datasheet rev. 2.1, §6.1.4.</remarks>
    public TimeSpan TimeOnAir(int payload)
    {
        var isShort = SpreadingFactor < 7;
        var optimised = SymbolSeconds > LongSymbol ? 2 : 0;
        var bits = (8 * payload) - (4 * SpreadingFactor) + (HasCrc ? 16 : 0) + (isShort ? 20 : 28);
        var blocks = Math.Max(0, Math.Ceiling(bits / (4.0 * (SpreadingFactor - optimised))));
        var symbols = Preamble + (isShort ? 6.25 : 4.25) + 8 + (blocks * (CodingRate + 4));
        return TimeSpan.FromSeconds(symbols * SymbolSeconds);
    }
}
