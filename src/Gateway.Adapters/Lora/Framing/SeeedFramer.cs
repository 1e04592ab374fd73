namespace Gateway.Adapters.Lora;

/// <summary>Seeed LoRa-E5 in test mode: <c>+TEST: LEN:32, RSSI:-46, SNR:10</c>, then <c>+TEST: RX "HEX"</c>.</summary>
/// <remarks>"LoRa-E5 AT Command Specification" V1.0, test mode, RXLRPKT. The numbers come first and are of the packet that follows; a packet whose length they do not say is damaged.</remarks>
internal sealed class SeeedFramer : LineFramer
{
    private (decimal Length, decimal Rssi, decimal Snr)? _numbers;

    public override void Reset()
    {
        base.Reset();
        _numbers = null;
    }

    protected override void Line(ReadOnlySpan<byte> line, IModemSink sink)
    {
        var at = line.LastIndexOf("+TEST: "u8);
        if (at < 0)
        {
            sink.Line(Text(line));
            return;
        }

        var rest = line[(at + 7)..];
        if (rest.StartsWith("LEN:"u8))
        {
            _numbers = Numbers(rest);
            if (_numbers is null)
            {
                Broken(line, at + 7, "+"u8, sink);
            }
        }
        else if (rest.StartsWith("RX \""u8))
        {
            Packet(line, at + 11, sink);
        }
        else
        {
            sink.Line(Text(line[at..]));
        }
    }

    private void Packet(ReadOnlySpan<byte> line, int at, IModemSink sink)
    {
        var numbers = _numbers;
        _numbers = null;
        var rest = line[at..];
        if (rest.Length > 1 && rest[^1] == (byte)'"' && HexBytes.Parse(rest[..^1]) is { Length: <= 255 } payload && (numbers is null || numbers.Value.Length == payload.Length))
        {
            sink.Packet(new(payload, null, numbers?.Rssi, numbers?.Snr));
        }
        else
        {
            Broken(line, at, "+"u8, sink);
        }
    }

    private static (decimal Length, decimal Rssi, decimal Snr)? Numbers(ReadOnlySpan<byte> rest) =>
        HexBytes.TakeWord(ref rest, "LEN:"u8) && HexBytes.TakeNumber(ref rest, ","u8, out var length)
        && HexBytes.TakeWord(ref rest, " RSSI:"u8) && HexBytes.TakeNumber(ref rest, ","u8, out var rssi)
        && HexBytes.TakeWord(ref rest, " SNR:"u8) && HexBytes.TakeNumber(ref rest, [], out var snr) ? (length, rssi, snr) : null;
}
