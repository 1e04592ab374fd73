namespace Gateway.Adapters.Lora;

/// <summary>A packet as the modem delivered it.</summary>
/// <param name="Payload">All of it, and nothing of the modem's wrapping.</param>
/// <param name="From">Address of the sender, where the modem's own protocol has one; null: it has none.</param>
/// <param name="Rssi">Received signal strength in dBm; null: not told with the packet.</param>
/// <param name="Snr">Signal to noise ratio in dB; null: not told with the packet.</param>
public readonly record struct HeardPacket(ReadOnlyMemory<byte> Payload, int? From = null, decimal? Rssi = null, decimal? Snr = null);
