namespace Gateway.Adapters.Lora;

/// <summary>What a line means that answers no command.</summary>
internal enum ModemNotice : byte
{
    /// <summary>Nothing that matters.</summary>
    None,

    /// <summary>The modem has started: it knows nothing of what it was told.</summary>
    Restarted,

    /// <summary>The receiver has stopped by itself: it is to be armed again.</summary>
    Disarmed,
}

/// <summary>How modems of one make are spoken to. Knows no time and no port.</summary>
internal interface IModemDialect
{
    ModemFramer CreateFramer();

    /// <summary>From whatever state the modem is in to one in which it can be armed.</summary>
    IReadOnlyList<ModemCommand> Initialise { get; }

    /// <summary>Starts the receiver.</summary>
    IReadOnlyList<ModemCommand> Arm { get; }

    /// <summary>The receiver stops with each packet.</summary>
    bool DisarmsItself { get; }

    /// <summary>Asks for the strength of the packet that just came; empty: it came with it.</summary>
    IReadOnlyList<SignalQuery> SignalQueries { get; }

    /// <summary>Whether the modem is there, as it was set up, and armed; empty: it cannot be asked.</summary>
    IReadOnlyList<ModemCommand> Watchdog { get; }

    ModemNotice Notice(string line);

    /// <summary>Sends a packet; the receiver is armed again afterwards if <see cref="DisarmsBySending"/>.</summary>
    /// <param name="payload">At most <see cref="LongestPayload"/> bytes.</param>
    /// <param name="to">The receiver's address, where the modem's protocol has one.</param>
    /// <param name="airtime">How long the packet is on the air.</param>
    IReadOnlyList<ModemCommand> Send(ReadOnlyMemory<byte> payload, int to, TimeSpan airtime);

    bool DisarmsBySending { get; }

    /// <summary>Bytes that one packet carries; 0: it cannot send.</summary>
    int LongestPayload { get; }
}

/// <summary>A question for a number that belongs to the last packet.</summary>
/// <param name="Command">The question.</param>
/// <param name="IsRssi">true: dBm; false: the signal to noise ratio in dB.</param>
internal sealed record SignalQuery(string Command, bool IsRssi);
