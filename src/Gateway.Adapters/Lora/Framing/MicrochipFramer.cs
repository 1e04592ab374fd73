namespace Gateway.Adapters.Lora;

/// <summary>Microchip RN2483 and RN2903: <c>radio_rx  48656C6C6F</c>.</summary>
/// <remarks>"RN2483 LoRa Technology Module Command Reference User's Guide" DS40001784G, radio rx. Strength and noise are asked for afterwards (radio get rssi, snr).</remarks>
internal sealed class MicrochipFramer : LineFramer
{
    protected override void Line(ReadOnlySpan<byte> line, IModemSink sink)
    {
        var at = line.LastIndexOf("radio_rx "u8);
        var name = line.LastIndexOf("RN2"u8);
        if (name > at && name > 0)
        {
            // It started again in the middle of what it said.
            sink.Noise(name);
            sink.Line(Text(line[name..]));
        }
        else if (at < 0)
        {
            sink.Line(Text(line));
        }
        else if (HexBytes.Parse(line[(at + 9)..].TrimStart((byte)' ')) is { Length: <= 255 } payload)
        {
            sink.Packet(new(payload));
        }
        else
        {
            sink.Noise(line.Length);
        }
    }
}
