namespace Gateway.Adapters.Lora;

/// <summary>RAK3172 and other modules with RUI3, point to point: <c>+EVT:RXP2P:-112:1:1234</c>; before RUI3 <c>+EVT:RXP2P, RSSI -28, SNR 5</c>, then <c>+EVT:1234</c>.</summary>
/// <remarks>"RUI3 AT Command Manual", P2P mode, AT+PRECV; "RAK3172 deprecated AT commands" for firmware up to 1.0.4. An event is never an answer.</remarks>
internal sealed class RakFramer : LineFramer
{
    private (decimal Rssi, decimal Snr)? _numbers;

    public override void Reset()
    {
        base.Reset();
        _numbers = null;
    }

    protected override void Line(ReadOnlySpan<byte> line, IModemSink sink)
    {
        var at = line.LastIndexOf("+EVT:"u8);
        if (at < 0)
        {
            sink.Line(Text(line));
            return;
        }

        var rest = line[(at + 5)..];
        if (HexBytes.TakeWord(ref rest, "RXP2P:"u8))
        {
            _numbers = null;
            if (HexBytes.TakeNumber(ref rest, ":"u8, out var rssi) && HexBytes.TakeNumber(ref rest, ":"u8, out var snr) && HexBytes.Parse(rest) is { Length: <= 255 } payload)
            {
                sink.Packet(new(payload, null, rssi, snr));
            }
            else
            {
                Broken(line, at + 5, "RAK"u8, sink);
            }
        }
        else if (HexBytes.TakeWord(ref rest, "RXP2P, RSSI "u8))
        {
            _numbers = HexBytes.TakeNumber(ref rest, ", SNR "u8, out var rssi) && HexBytes.TakeNumber(ref rest, [], out var snr) ? (rssi, snr) : null;
            if (_numbers is null)
            {
                sink.Noise(line.Length);
            }
        }
        else if (_numbers is { } numbers)
        {
            _numbers = null;
            if (HexBytes.Parse(rest) is { Length: <= 255 } payload)
            {
                sink.Packet(new(payload, null, numbers.Rssi, numbers.Snr));
            }
            else
            {
                sink.Line(Text(line[at..]));
            }
        }
        else
        {
            sink.Line(Text(line[at..]));
        }
    }
}
