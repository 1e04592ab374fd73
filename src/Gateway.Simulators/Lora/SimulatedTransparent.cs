using Gateway.Adapters.Lora;

namespace Gateway.Simulators;

/// <summary>EBYTE E22, E220 or E32 in transparent mode: what comes goes over the air once nothing comes any more, and what is heard is handed on as it is.</summary>
/// <remarks>
/// "E32-868T20D user manual", 6.2: a pause of three bytes ends what is to be sent, and more than a packet (58 bytes) is sent as several. "E22-900T22D User Manual", REG1 and REG3: packets of 240
/// bytes; with fixed transmission the first three bytes are address and channel of the receiver, who is given what stands behind them; the byte for the signal strength behind what was heard.
/// </remarks>
/// <param name="rssi">The byte behind each packet; an E32 has none.</param>
/// <param name="isFixed">Fixed transmission.</param>
/// <param name="packet">Bytes in one packet on the air.</param>
public sealed class SimulatedTransparent(RssiByte rssi = RssiByte.Complement, bool isFixed = false, int packet = SimulatedTransparent.PacketOfE22) : SimulatedModem
{
    /// <summary>E22 as it ships; E220: 200.</summary>
    public const int PacketOfE22 = 240;

    /// <summary>E32, always.</summary>
    public const int PacketOfE32 = 58;

    /// <summary>Address and channel.</summary>
    private const int Head = 3;

    private readonly List<byte> _burst = [];

    public override bool IsListening => true;

    /// <summary>The channel that the last packet was sent on with fixed transmission; null: none was.</summary>
    public byte? Channel { get; private set; }

    protected override byte[] Banner => [];

    protected override string Busy => "";

    protected override void Begin() => _burst.Clear();

    protected override void Command(string line)
    {
    }

    protected override byte[] Packet(byte[] payload, int from, int strength, int snr) => rssi switch
    {
        RssiByte.Complement => [.. payload, (byte)(strength + 256)],
        RssiByte.Half => [.. payload, (byte)(-2 * strength)],
        _ => payload,
    };

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        _burst.AddRange(bytes);
        return bytes.Length;
    }

    protected override void Paused()
    {
        if (_burst.Count == 0)
        {
            return;
        }

        byte[] burst = [.. _burst];
        _burst.Clear();
        if (isFixed && burst.Length <= Head)
        {
            return;
        }

        Channel = isFixed ? burst[2] : null;
        foreach (var part in burst[(isFixed ? Head : 0)..].Chunk(packet))
        {
            Send(part, isFixed ? (burst[0] << 8) | burst[1] : 0);
        }
    }
}
