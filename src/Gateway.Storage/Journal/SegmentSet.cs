namespace Gateway.Storage;

/// <summary>The segments that hold something, oldest first. For the journal's thread.</summary>
internal sealed class SegmentSet(string folder, IJournalFiles files, Guid journal, long size, ulong generation)
{
    private readonly List<Segment> _sealed = [];
    private ulong _generation = generation;

    /// <summary>The one that is written to.</summary>
    public Segment? Tail { get; private set; }

    /// <summary>The file that <see cref="Begin"/> worked on last.</summary>
    public string? LastBegun { get; private set; }

    /// <summary>Bytes left in the tail.</summary>
    public long Room => Tail is null ? 0 : Tail.Size - Tail.End;

    /// <summary>Oldest first, the tail included.</summary>
    public IReadOnlyList<Segment> All => Tail is null ? [.. _sealed] : [.. _sealed, Tail];

    /// <summary>The journal's id.</summary>
    public Guid Journal { get; } = journal;

    public int Count => _sealed.Count + (Tail is null ? 0 : 1);

    public void Restore(IEnumerable<Segment> segments, Segment? tail)
    {
        _sealed.AddRange(segments);
        Tail = tail;
    }

    /// <summary>Nothing is written to the tail any more.</summary>
    public void Seal()
    {
        if (Tail is { } tail)
        {
            tail.Sealed = true;
            _sealed.Add(tail);
            Tail = null;
        }
    }

    /// <summary>Makes the file the segment that follows: its new name, then its header, both durable before anything else is written.</summary>
    /// <remarks>The header lists all segments before it with the end of each: what lies behind that end failed once, and an older segment that is not listed
    /// was given up, even if the file system brings either back.</remarks>
    public (Segment Segment, IJournalFile File) Begin(string path, long length, ulong firstCommit, long wall)
    {
        string name;
        do
        {
            name = Path.Combine(folder, $"{++_generation:x16}.seg");
        }
        while (name != path && files.List(folder).Contains(name));

        var summaries = Summaries();
        LastBegun = path;
        files.Rename(path, name);
        LastBegun = name;
        var file = files.Open(name);
        try
        {
            var header = new SegmentHeader(length, _generation, firstCommit, Journal, wall, summaries).Encode();
            file.Write(header.Written, 0);
            file.Sync();
            files.SyncFolder(folder);
            return (new Segment(name, length, _generation, header.Length), file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>How large the next segment has to be for a first commit of so many bytes: the usual size, or more if that is not enough for what is to be restated.</summary>
    public long SizeFor(long commit)
    {
        var needed = SegmentHeader.AreaOf(Summaries()) + Layout.Align(commit);

        // Twice as much as is needed at once: what follows is to find room, too, before all is restated again.
        return needed <= size ? size : (2 * needed + size - 1) / size * size;
    }

    /// <summary>The first commit of the new segment is durable.</summary>
    public void Adopt(Segment segment)
    {
        Tail = segment;
    }

    /// <summary>Sealed segments of which something is still needed, oldest first.</summary>
    public List<Segment> Held => _sealed.FindAll(s => s.Live > 0);

    /// <summary>Segments of which no stream needs anything, and that nobody reads.</summary>
    /// <param name="last">Also the newest of them: its checkpoint and its commits stand in for the tail's checkpoint, should that be destroyed.</param>
    public List<Segment> Dead(bool last) => _sealed.FindAll(s => s.Live == 0 && !s.IsPinned && !s.IsHeld && (last || !ReferenceEquals(s, _sealed[^1])));

    public void Remove(Segment segment)
    {
        _sealed.Remove(segment);
    }

    /// <summary>The oldest segment of which all that is needed may be dropped.</summary>
    public Segment? OldestDroppable(Func<Extent, bool> canDrop) => _sealed.Find(s => s.Live > 0 && s.Extents.TrueForAll(e => canDrop(e)));

    /// <summary>What lies in the sealed ones; where a header has no room for all of that, a start has to look by itself.</summary>
    private List<SegmentSummary> Summaries()
    {
        var summaries = _sealed.ConvertAll(s => s.Summarize());
        for (var i = summaries.Count - 1; i >= 0 && !SegmentHeader.Fits(summaries); i--)
        {
            summaries[i] = summaries[i] with { Extents = null };
        }

        return summaries;
    }
}
