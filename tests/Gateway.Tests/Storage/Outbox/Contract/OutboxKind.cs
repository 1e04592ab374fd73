namespace Gateway.Tests.Storage;

/// <summary>The outboxes that keep the contract.</summary>
public enum OutboxKind
{
    Memory,
    SimulatedDisk,
    RealDisk,
}

/// <summary>All of them, for theories.</summary>
public sealed class EveryOutbox : TheoryData<OutboxKind>
{
    public EveryOutbox() => AddRange(Enum.GetValues<OutboxKind>());
}
