namespace Gateway.Simulators;

/// <summary>EBYTE E22 in transparent mode, with the byte for the signal strength.</summary>
public sealed class SimulatedTransparent : SimulatedModem
{
    public override bool IsListening => true;

    protected override byte[] Banner => [];

    protected override string Busy => "";

    protected override void Begin()
    {
    }

    protected override void Command(string line)
    {
    }

    protected override byte[] Packet(byte[] payload, int from, int rssi, int snr) => [.. payload, (byte)(rssi + 256)];

    /// <summary>Whatever comes goes over the air.</summary>
    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        Send(bytes.ToArray());
        return bytes.Length;
    }
}
