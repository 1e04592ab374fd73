using Gateway.Adapters.Lora;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>What a framer found, as text, and how many bytes it could make nothing of.</summary>
internal sealed class FoundInBytes : IModemSink
{
    public List<string> Found { get; } = [];

    public List<HeardPacket> Packets { get; } = [];

    public int NoiseBytes { get; private set; }

    public string Text => string.Join(" | ", Found);

    public void Packet(in HeardPacket packet)
    {
        Packets.Add(packet);
        Found.Add($"{Convert.ToHexStringLower(packet.Payload.Span)}{(packet.From is { } from ? $" from {from}" : "")}{(packet.Rssi is { } rssi ? $" {rssi} dBm" : "")}{(packet.Snr is { } snr ? $" {snr} dB" : "")}");
    }

    public void Line(string line) => Found.Add($"'{line}'");

    public void Noise(int bytes) => NoiseBytes += bytes;

    /// <summary>What is found when all comes at once, or in chunks.</summary>
    /// <param name="framer">A new one.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="chunk">Length of the next chunk.</param>
    public static FoundInBytes In(ModemFramer framer, ReadOnlySpan<byte> bytes, Func<int>? chunk = null)
    {
        var found = new FoundInBytes();
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, chunk?.Invoke() ?? bytes.Length);
            framer.Receive(bytes[..length], found);
            bytes = bytes[length..];
        }

        return found;
    }
}
