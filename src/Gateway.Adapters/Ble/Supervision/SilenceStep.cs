namespace Gateway.Adapters.Ble;

/// <summary>What is done about a radio that hears nothing, in this order.</summary>
internal enum SilenceStep : byte
{
    None,

    RestartScan,

    PowerCycle,

    /// <summary>People are told; the cures go on.</summary>
    Tell,
}
