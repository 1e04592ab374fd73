namespace Gateway.Storage;

/// <summary>What a stream needs of its journal.</summary>
internal sealed class StreamHost(IJournalFiles files, uint sumStart, IJournalClock clock, TimeProvider time, StorageMetrics metrics, RetainedBudget retained, ReadFaults faults)
{
    public IJournalFiles Files { get; } = files;

    public uint SumStart { get; } = sumStart;

    public IJournalClock Clock { get; } = clock;

    public TimeProvider Time { get; } = time;

    public StorageMetrics Metrics { get; } = metrics;

    public RetainedBudget Retained { get; } = retained;

    public ReadFaults Faults { get; } = faults;

    /// <summary>Bytes of entries that may wait in memory for their commit.</summary>
    public int BatchLimit { get; init; }

    /// <summary>Called when a stream that fills up is thinned: how many entries, and how many stand for them. Not again before it was half empty.</summary>
    public Action<StreamId, ulong, int> Thinned { get; init; } = static (_, _, _) => { };

    /// <summary>Called when a stream has moved on: this is to be written, but nobody waits for it.</summary>
    public Action Progressed { get; set; } = static () => { };

    /// <summary>Called when a segment cannot be read for the time being.</summary>
    public Action<Segment, Exception> Unreadable { get; set; } = static (_, _) => { };

    /// <summary>Called with a segment in which a reader met damage, and what was lost of which stream.</summary>
    public Action<Segment, StreamId, ulong> Damaged { get; set; } = static (_, _, _) => { };
}
