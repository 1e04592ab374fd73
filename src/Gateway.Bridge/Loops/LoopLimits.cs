namespace Gateway.Bridge;

public static class LoopLimits
{
    /// <summary>8: more gateways in a row than any plant has, few enough to end a loop that nobody foresaw.</summary>
    public const int DefaultMaxHops = 8;
}
