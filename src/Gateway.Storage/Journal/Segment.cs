namespace Gateway.Storage;

/// <summary>A file of the journal that holds commits.</summary>
internal sealed class Segment(string path, long size, ulong generation, long end)
{
    private long _end = end;
    private int _pins;
    private int _live;
    private bool _sealed;
    private bool _held;

    /// <summary>Its name is for people: what it is, its header says.</summary>
    public string Path { get; } = path;

    public long Size { get; } = size;

    public ulong Generation { get; } = generation;

    /// <summary>Where its durable commits end.</summary>
    public long End
    {
        get => Interlocked.Read(ref _end);
        set => Interlocked.Exchange(ref _end, value);
    }

    /// <summary>Nothing is written to it any more.</summary>
    public bool Sealed
    {
        get => Volatile.Read(ref _sealed);
        set => Volatile.Write(ref _sealed, value);
    }

    /// <summary>A write or sync failed in it: it is read, but not used again.</summary>
    public bool Suspect { get; set; }

    /// <summary>It is damaged and no copy of it could be made: it stays as it is until a start that finds room for one.</summary>
    public bool IsHeld
    {
        get => Volatile.Read(ref _held);
        set => Volatile.Write(ref _held, value);
    }

    /// <summary>Extents that streams still need. Once sealed and without any, it can be used again.</summary>
    public int Live => Volatile.Read(ref _live);

    public bool IsPinned => Volatile.Read(ref _pins) > 0;

    /// <summary>What lies in it, for the header of its successor. Touched by the journal's thread only.</summary>
    public List<Extent> Extents { get; } = [];

    public void Add(Extent extent)
    {
        Extents.Add(extent);
        Interlocked.Increment(ref _live);
    }

    /// <summary>After a start: a stream needs one of its extents.</summary>
    public void Keep() => Interlocked.Increment(ref _live);

    /// <summary>A stream needs its extent no longer.</summary>
    public void Release() => Interlocked.Decrement(ref _live);

    /// <summary>Keeps it from being used again while somebody reads. Only while one of its extents is needed.</summary>
    public void Pin() => Interlocked.Increment(ref _pins);

    public void Unpin() => Interlocked.Decrement(ref _pins);

    public SegmentSummary Summarize() =>
        new(Generation, End, [.. Extents.Select(e => new ExtentSummary(e.Stream, e.First, e.Last, e.Bytes, e.Offset, e.FirstTime, e.LastTime, e.Group))]);
}

/// <summary>The entries of one stream in one segment.</summary>
internal sealed class Extent(Segment segment, uint stream, ulong first, long offset, long firstTime, uint? group = null)
{
    public Segment Segment { get; } = segment;

    public uint Stream { get; } = stream;

    /// <summary>Which of the copies in the commit at <see cref="Offset"/> it consists of; null: of entries where they were first written.</summary>
    public uint? Group { get; } = group;

    public ulong First { get; } = first;

    public ulong Last { get; set; }

    /// <summary>Bytes on disk of all its entries.</summary>
    public long Bytes { get; set; }

    /// <summary>Bytes on disk of those that still wait.</summary>
    public long Remaining { get; set; }

    /// <summary>Offset of the commit with its first entry.</summary>
    public long Offset { get; } = offset;

    /// <summary>Wall clock of its first and last entry, in milliseconds since the epoch.</summary>
    public long FirstTime { get; } = firstTime;

    public long LastTime { get; set; }

    public static Extent Of(Segment segment, ExtentSummary summary) => new(segment, summary.Stream, summary.First, summary.Offset, summary.FirstTime, summary.Group)
    {
        Last = summary.Last,
        Bytes = summary.Bytes,
        Remaining = summary.Bytes,
        LastTime = summary.LastTime,
    };
}
