namespace Gateway.Adapters.Lora;

/// <summary>Gets what a modem does. Called by the task that owns it.</summary>
internal interface IModemEvents
{
    /// <summary>Bytes for the port, in one go.</summary>
    void Write(ReadOnlyMemory<byte> bytes);

    void Packet(in HeardPacket packet);

    /// <summary>It is set up and listens.</summary>
    void Ready();

    /// <summary>It does not answer, or refuses what it is told; it is set up again after a while.</summary>
    void Failed(ModemFault fault);

    /// <summary>It had started again by itself and is set up anew.</summary>
    void Restarted();

    void Noise(int bytes);

    /// <summary>A line that no one waited for and that means nothing known.</summary>
    void Unknown(string line);
}
