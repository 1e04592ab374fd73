namespace Gateway.Storage;

/// <summary>Sorts the files of the journal's folder into segments and spares, by their headers. Names are for people.</summary>
internal sealed class FolderSurvey(IJournalFiles files, string folder, Quarantine quarantine)
{
    private readonly List<SegmentFile> _segments = [];
    private readonly List<(string Path, long Length)> _spares = [];
    private readonly List<(string Path, long Length)> _headless = [];
    private readonly List<MissingSegment> _missing = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SegmentFile> Segments => _segments;

    /// <summary>Files that hold nothing.</summary>
    public IReadOnlyList<(string Path, long Length)> Spares => _spares;

    /// <summary>Segments that the newest header or the mark names and that are not here.</summary>
    public IReadOnlyList<MissingSegment> Missing => _missing;

    /// <summary>The journal's own id; null: there is no segment.</summary>
    public Guid? Journal { get; private set; }

    /// <summary>The journal's mark, if there is one and it is this journal's.</summary>
    public JournalMark? Mark { get; private set; }

    /// <summary>The highest generation ever seen here.</summary>
    public ulong Generation { get; private set; }

    /// <exception cref="JournalVersionException">Some segment has a newer format.</exception>
    public void Run(JournalMark? mark)
    {
        foreach (var path in files.List(folder).Where(p => p.EndsWith(".seg", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            Sort(path);
        }

        Journal = Owner(mark);
        Mark = mark is not null && mark.Journal == Journal ? mark : null;
        RemoveAll(s => s.Header.Journal != Journal, "it belongs to another journal");
        foreach (var (path, length) in _headless)
        {
            SortHeadless(path, length);
        }

        // Of two of the same generation the one that bears its name is it.
        _segments.Sort((a, b) => a.Generation != b.Generation ? a.Generation.CompareTo(b.Generation) : IsNamed(b).CompareTo(IsNamed(a)));
        RemoveAll(s => _segments.Find(o => o.Generation == s.Generation) != s, "the same segment is there twice");
        ApplyNewestHeader();
        FindMissingNewest();
        var limit = Mark is { } known && (_segments.Count == 0 || _segments[^1].Generation < known.Generation) ? known.FirstCommit : ulong.MaxValue;
        for (var i = _segments.Count - 1; i >= 0; i--)
        {
            _segments[i].Limit = limit;
            limit = Math.Min(limit, _segments[i].Header.FirstCommit);
            Generation = Math.Max(Generation, _segments[i].Generation);
        }
    }

    private static bool IsNamed(SegmentFile file) => Path.GetFileName(file.Path) == MissingSegment.NameOf(file.Generation);

    private void Sort(string path)
    {
        using var file = files.OpenRead(path);
        var length = file.Length;
        if (ReadHeader(file, path) is { } header)
        {
            _segments.Add(new SegmentFile(path, length, header, IsHeaderLost: false));
        }
        else if (Path.GetFileName(path).StartsWith(SegmentPool.SparePrefix, StringComparison.Ordinal))
        {
            _spares.Add((path, length));
        }
        else
        {
            _headless.Add((path, length));
        }
    }

    /// <summary>Whose journal this is: segments of another may have been put in, even newer ones, and even all of them.</summary>
    private Guid? Owner(JournalMark? mark) =>
        mark is not null && (_segments.Count == 0 || _segments.Exists(s => s.Header.Journal == mark.Journal))
            ? mark.Journal
            : _segments.GroupBy(s => s.Header.Journal).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Max(s => s.Generation)).FirstOrDefault()?.Key;

    private static SegmentHeader? ReadHeader(IJournalFile file, string path)
    {
        try
        {
            var start = new byte[16];
            if (file.Read(start, 0) < start.Length || SegmentHeader.LengthOf(start) is not (> 0 and var length))
            {
                return null;
            }

            var bytes = new byte[length];
            if (file.Read(bytes, 0) < length)
            {
                return null;
            }

            var header = SegmentHeader.Decode(bytes, out var version);
            return version > Layout.Version ? throw new JournalVersionException(path, version, Layout.Version) : header;
        }
        catch (IOException)
        {
            // Unreadable is damaged: the commits behind it tell what it was.
            return null;
        }
    }

    /// <summary>Either a recycling was interrupted, and nothing in the file is needed, or the header is damaged: then the commits tell what it said.</summary>
    private void SortHeadless(string path, long length)
    {
        var bytes = new byte[length];
        using (var file = files.OpenRead(path))
        {
            bytes = bytes[..SalvageRead.Read(file, bytes, 0)];
        }

        if (Journal is null)
        {
            // The very first header may have been torn: then no commit was ever begun behind it.
            if (!HasCommits(bytes) || quarantine.Keep(path, "no segment has a header that can be read"))
            {
                _spares.Add((path, length));
            }

            return;
        }

        var sumStart = Checksum.StartOf(Journal.Value);
        CommitHeader? first = null;
        for (var offset = Layout.Block; offset < bytes.Length; offset += Layout.Block)
        {
            if (CommitHeader.TryRead(bytes.AsSpan(offset), null, out var commit)
                && commit.Length <= bytes.Length - offset
                && CommitHeader.IsIntact(bytes.AsSpan(offset, commit.Length), sumStart)
                && (first is null || commit.Generation > first.Value.Generation))
            {
                first = commit;
            }
        }

        if (first is { } found)
        {
            _segments.Add(new SegmentFile(path, length, new SegmentHeader(length, found.Generation, found.FirstCommit, Journal.Value, 0, []), IsHeaderLost: true));
        }
        else
        {
            _spares.Add((path, length));
        }
    }

    /// <summary>The newest header knows all segments before it: one that it does not list had been given up when the power went.</summary>
    private void ApplyNewestHeader()
    {
        if (_segments.FindLast(s => !s.IsHeaderLost) is not { } newest)
        {
            return;
        }

        Generation = _segments[^1].Generation;
        foreach (var summary in newest.Header.Summaries.Where(s => !_segments.Exists(f => f.Generation == s.Generation)))
        {
            AddMissing(summary.Generation, summary);
        }

        for (var i = _segments.Count - 1; i >= 0; i--)
        {
            var segment = _segments[i];
            if (segment.Generation >= newest.Generation)
            {
                continue;
            }

            segment.Summary = newest.Header.Summaries.FirstOrDefault(s => s.Generation == segment.Generation);
            if (segment.Summary is null)
            {
                _spares.Add((segment.Path, segment.Length));
                _segments.RemoveAt(i);
            }
        }
    }

    private void FindMissingNewest()
    {
        if (Mark is { } mark)
        {
            Generation = Math.Max(Generation, mark.Generation);
            if (_segments.Count == 0 || _segments[^1].Generation < mark.Generation)
            {
                AddMissing(mark.Generation, null);
            }
        }
    }

    /// <summary>A file of its name from which nothing can be read is what is left of it.</summary>
    private void AddMissing(ulong generation, SegmentSummary? summary)
    {
        var path = Path.Combine(folder, MissingSegment.NameOf(generation));
        _missing.Add(new MissingSegment(path, _headless.Exists(h => h.Path == path), summary));
    }

    private static bool HasCommits(byte[] bytes)
    {
        for (var offset = Layout.Block; offset < bytes.Length; offset += Layout.Block)
        {
            if (CommitHeader.TryRead(bytes.AsSpan(offset), null, out _))
            {
                return true;
            }
        }

        return false;
    }

    private void RemoveAll(Predicate<SegmentFile> isWrong, string reason)
    {
        foreach (var segment in _segments.FindAll(isWrong))
        {
            if (quarantine.Keep(segment.Path, reason))
            {
                _spares.Add((segment.Path, segment.Length));
            }

            _segments.Remove(segment);
        }
    }
}
