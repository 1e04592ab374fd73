namespace Gateway.Storage;

/// <summary>How a start found the journal.</summary>
internal sealed class Recovered
{
    public required Guid Journal { get; init; }

    public required ulong Generation { get; init; }

    public bool IsNew { get; init; }

    /// <summary>The journal's mark, if there is one.</summary>
    public JournalMark? Mark { get; init; }

    /// <summary>What the mark proves to be gone at the end.</summary>
    public TailLoss TailLoss { get; set; }

    /// <summary>Segments that should be here.</summary>
    public List<MissingSegment> Missing { get; } = [];

    public ulong NextCommit { get; set; } = 1;

    public long Commits { get; set; }

    public long CutBytes { get; set; }

    /// <summary>Oldest first, without the tail.</summary>
    public List<Segment> Sealed { get; } = [];

    /// <summary>The segment that goes on being written; null: the next commit begins one.</summary>
    public Segment? Tail { get; set; }

    public ulong TailFirstCommit { get; set; }

    /// <summary>Where the tail's last commit begins.</summary>
    public long TailLastCommit { get; set; }

    /// <summary>An older version began it: the program that knows that version would not understand what we add.</summary>
    public bool IsTailOlder { get; set; }

    public List<(string Path, long Length)> Spares { get; } = [];

    /// <summary>Nothing more is written to the tail.</summary>
    public void Seal()
    {
        if (Tail is { } tail)
        {
            tail.Sealed = true;
            Sealed.Add(tail);
            Tail = null;
        }
    }

    public IReadOnlyDictionary<uint, RecoveredStream> Streams { get; set; } = new Dictionary<uint, RecoveredStream>();

    /// <summary>The lowest number that no stream has had of which anything is left, not even in a segment that others still need.</summary>
    public uint NextStream => Streams.Keys
        .Concat(Sealed.Concat(Tail is null ? [] : [Tail]).SelectMany(s => s.Extents).Select(e => e.Stream))
        .Select(n => n + 1).DefaultIfEmpty(0u).Max();

    public IReadOnlyDictionary<string, byte[]> State { get; set; } = new Dictionary<string, byte[]>();
}
