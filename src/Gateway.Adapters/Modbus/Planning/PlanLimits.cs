namespace Gateway.Adapters.Modbus;

/// <summary>How large a read may be, and how much unused it may carry along.</summary>
/// <param name="MaxRegisters">Registers in one read.</param>
/// <param name="MaxBits">Bits in one read.</param>
/// <param name="MaxGap">Registers between two points that are read along rather than asking twice; sixteen times as many bits.</param>
public sealed record PlanLimits(int MaxRegisters, int MaxBits, int MaxGap)
{
    private const int BitsPerRegister = 16;

    internal int Size(RegisterSpace space) => space.IsBits() ? MaxBits : MaxRegisters;

    internal int Gap(RegisterSpace space) => space.IsBits() ? MaxGap * BitsPerRegister : MaxGap;
}
