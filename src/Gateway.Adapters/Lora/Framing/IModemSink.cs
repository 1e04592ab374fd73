namespace Gateway.Adapters.Lora;

/// <summary>Gets what a framer found in the bytes of a modem.</summary>
internal interface IModemSink
{
    void Packet(in HeardPacket packet);

    /// <summary>A line of printable ASCII that is no packet: an answer, an event, a banner. Without its end, never empty.</summary>
    void Line(string line);

    /// <summary>Bytes that mean nothing, or no longer: noise, a damaged packet.</summary>
    void Noise(int bytes);
}
