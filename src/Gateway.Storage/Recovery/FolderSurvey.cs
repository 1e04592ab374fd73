namespace Gateway.Storage;

/// <summary>Sorts the files of the journal's folder into segments and spares, by their headers. Names are for people.</summary>
internal sealed class FolderSurvey(IJournalFiles files, string folder, Quarantine quarantine)
{
    private readonly List<SegmentFile> _segments = [];
    private readonly List<(string Path, long Length)> _spares = [];
    private readonly List<(string Path, long Length)> _headless = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SegmentFile> Segments => _segments;

    /// <summary>Files that hold nothing.</summary>
    public IReadOnlyList<(string Path, long Length)> Spares => _spares;

    /// <summary>The journal's own id; null: there is no segment.</summary>
    public Guid? Journal { get; private set; }

    /// <summary>The highest generation ever seen here.</summary>
    public ulong Generation { get; private set; }

    /// <exception cref="JournalVersionException">Some segment has a newer format.</exception>
    public void Run()
    {
        foreach (var path in files.List(folder).Where(p => p.EndsWith(".seg", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            Sort(path);
        }

        _segments.Sort((a, b) => a.Generation.CompareTo(b.Generation));
        Journal = _segments.Count > 0 ? _segments[^1].Header.Journal : null;
        foreach (var (path, length) in _headless)
        {
            SortHeadless(path, length);
        }

        _segments.Sort((a, b) => a.Generation.CompareTo(b.Generation));
        RemoveForeign();
        ApplyNewestHeader();
        var limit = ulong.MaxValue;
        for (var i = _segments.Count - 1; i >= 0; i--)
        {
            _segments[i].Limit = limit;
            limit = Math.Min(limit, _segments[i].Header.FirstCommit);
            Generation = Math.Max(Generation, _segments[i].Generation);
        }
    }

    private void Sort(string path)
    {
        using var file = files.Open(path);
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
        using (var file = files.Open(path))
        {
            bytes = bytes[..file.Read(bytes, 0)];
        }

        if (Journal is null)
        {
            // The very first header may have been torn: then no commit was ever begun behind it.
            if (HasCommits(bytes))
            {
                quarantine.Keep(path, "no segment has a header that can be read");
            }

            _spares.Add((path, length));
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

    private void RemoveForeign()
    {
        for (var i = _segments.Count - 1; i >= 0; i--)
        {
            var segment = _segments[i];
            var isDouble = i > 0 && _segments[i - 1].Generation == segment.Generation;
            if (segment.Header.Journal != Journal || isDouble)
            {
                quarantine.Keep(segment.Path, isDouble ? "the same segment is there twice" : "it belongs to another journal");
                _spares.Add((segment.Path, segment.Length));
                _segments.RemoveAt(i);
            }
        }
    }
}
