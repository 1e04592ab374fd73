namespace Gateway.Storage;

/// <summary>How the journal works.</summary>
public sealed record JournalOptions
{
    /// <summary>1 s: a power cut costs at most one second of readings, and a card lives.</summary>
    public static readonly TimeSpan DefaultCommitWindow = TimeSpan.FromSeconds(1);

    /// <summary>8 MiB: two erase blocks of a usual card; a week at 100 values a second is a few hundred of them.</summary>
    public const int DefaultSegmentSize = 8 << 20;

    /// <summary>64 KiB: below, a segment would hold little beside what it restates.</summary>
    public const int SmallestSegmentSize = 64 << 10;

    /// <summary>30 s: a full disk is looked at again, a failed one tried again, idle cursors written.</summary>
    public static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(30);

    /// <summary>How long an append that nobody waits for may stay in memory.</summary>
    public TimeSpan CommitWindow { get; init; } = DefaultCommitWindow;

    /// <summary>Bytes of one segment, a multiple of 4 KiB. Segments of another size stay readable and are not used again.</summary>
    public int SegmentSize { get; init; } = DefaultSegmentSize;

    public TimeSpan Retry { get; init; } = DefaultRetry;

    /// <summary>Somebody else may go on with a copy of this journal: all streams get a new epoch when it is opened.</summary>
    public bool NewEpochs { get; init; }

    /// <summary>Bytes of entries that may wait in memory for their commit, and as many for the commit that is being written.</summary>
    internal int BatchLimit => SegmentSize / 8 * 3;

    /// <summary>Bytes that one entry may take.</summary>
    internal int EntryLimit => SegmentSize / 4;

    /// <summary>Bytes that all keyed facts may take together: they are restated in each segment.</summary>
    internal int StateLimit => SegmentSize / 8 * 3;

    /// <summary>Bytes that the index of retained topics of all streams may take: restated as well.</summary>
    internal int RetainedLimit => SegmentSize / 16;
}
