namespace Gateway.Adapters.Lora;

/// <summary>What a command is for.</summary>
internal enum StepKind : byte
{
    Initialise,
    Arm,

    /// <summary>Whether the modem is still there and as it was set up.</summary>
    Watch,

    /// <summary>The strength of the packet that just came.</summary>
    Signal,

    Send,
}

/// <param name="Command">What is said.</param>
/// <param name="Kind">What for.</param>
/// <param name="Send">The packet that it belongs to; null: none.</param>
/// <param name="IsRssi">With <see cref="StepKind.Signal"/>: dBm; otherwise dB.</param>
internal sealed record ModemStep(ModemCommand Command, StepKind Kind, ModemSend? Send = null, bool IsRssi = false);

/// <summary>How a step ended.</summary>
internal enum StepEnd : byte
{
    /// <summary>With a good answer, or a bad one that does not matter.</summary>
    Done,

    Refused,

    Unanswered,

    /// <summary>Done, and the modem starts again because of it.</summary>
    Restarts,
}
