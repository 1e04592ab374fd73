namespace Gateway.Adapters.Modbus;

/// <summary>How large a read may be, and how much unused it may carry along.</summary>
/// <param name="MaxRegisters">Registers in one read. A wider point is read alone.</param>
/// <param name="MaxBits">Bits in one read.</param>
/// <param name="MaxGap">Registers between two points that are read along rather than asking twice; sixteen times as many bits.</param>
public sealed record PlanLimits(int MaxRegisters, int MaxBits, int MaxGap)
{
    private const int BitsPerRegister = 16;

    /// <summary>Only points of the very same registers share a read.</summary>
    public bool OneRequestPerPoint { get; init; }

    internal int Size(RegisterSpace space) => space.IsBits() ? MaxBits : MaxRegisters;

    internal int Gap(RegisterSpace space) => space.IsBits() ? MaxGap * BitsPerRegister : MaxGap;
}

/// <summary>What a device wants otherwise than its link.</summary>
/// <param name="MaxRegisters">null: as the link.</param>
/// <param name="MaxBits">null: as the link.</param>
/// <param name="MaxGap">null: as the link.</param>
/// <param name="OneRequestPerPoint">For devices that answer wrongly, or not at all, when several values are read at once.</param>
public sealed record PlanOverrides(int? MaxRegisters = null, int? MaxBits = null, int? MaxGap = null, bool OneRequestPerPoint = false)
{
    public static readonly PlanOverrides None = new();

    public PlanLimits Over(PlanLimits link) =>
        new(MaxRegisters ?? link.MaxRegisters, MaxBits ?? link.MaxBits, MaxGap ?? link.MaxGap) { OneRequestPerPoint = OneRequestPerPoint || link.OneRequestPerPoint };
}
