namespace Gateway.Broker;

/// <summary>The bytes that all clients' queues may take together.</summary>
internal sealed class MemoryBudget(long limit)
{
    /// <summary>What one session may take at most: two slow ones must not starve the rest.</summary>
    private const int SessionShare = 4;

    /// <summary>Shedding goes on until this much of the limit is free, so that it is not done for each message.</summary>
    private const int FreeShare = 8;

    /// <summary>From this share on publishers take turns with the writers, so that they do not outrun them.</summary>
    private const int CrowdedShare = 8;

    private readonly long _crowded = limit / CrowdedShare;
    private long _used;

    public long Limit => limit;

    public long PerSession { get; } = limit / SessionShare;

    public long Used => Interlocked.Read(ref _used);

    public bool IsExceeded => Used > limit;

    /// <summary>Whether publishers should let the writers go first.</summary>
    public bool IsCrowded => Used > _crowded;

    /// <summary>Where shedding stops.</summary>
    public long LowMark { get; } = limit - (limit / FreeShare);

    public void Add(long bytes) => Interlocked.Add(ref _used, bytes);
}
