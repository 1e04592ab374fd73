namespace Gateway.Storage;

/// <summary>
/// Finds out how things stand: headers of all segments, then every commit from the newest readable checkpoint on, which is at the head of the tail unless that is damaged.
/// What lies in older segments, the header of each one's successor tells.
/// </summary>
internal sealed class JournalRecovery(IJournalFiles files, string folder, Quarantine quarantine)
{
    private readonly FolderSurvey _survey = new(files, folder, quarantine);
    private readonly Replay _replay = new();

    public Recovered Run()
    {
        _survey.Run();
        if (_survey.Journal is not { } journal)
        {
            var fresh = new Recovered { Journal = Guid.NewGuid(), Generation = 0, IsNew = true };
            fresh.Spares.AddRange(_survey.Spares);
            return fresh;
        }

        var recovered = new Recovered { Journal = journal, Generation = _survey.Generation };
        recovered.Spares.AddRange(_survey.Spares);
        var scan = new SegmentScan(files, Checksum.StartOf(journal));
        var replayed = Checkpoint(scan);
        for (var i = 0; i < _survey.Segments.Count; i++)
        {
            var file = _survey.Segments[i];
            recovered.NextCommit = Math.Max(recovered.NextCommit, file.Header.FirstCommit);
            if (i < replayed && Summary(file) is { } summary)
            {
                recovered.Sealed.Add(summary);
            }
            else
            {
                Scan(scan, file, replay: i >= replayed, isLast: i == _survey.Segments.Count - 1, recovered);
            }
        }

        recovered.Streams = _replay.Streams;
        recovered.State = _replay.State;
        return recovered;
    }

    /// <summary>The newest segment that begins with a readable checkpoint; the first of all if none does.</summary>
    private int Checkpoint(SegmentScan scan)
    {
        for (var i = _survey.Segments.Count - 1; i > 0; i--)
        {
            var probe = new FirstCommitProbe();
            scan.Run(_survey.Segments[i], probe);
            if (probe.IsCheckpoint)
            {
                return i;
            }
        }

        return 0;
    }

    private Segment? Summary(SegmentFile file)
    {
        if (file.Summary is not { } summary)
        {
            return null;
        }

        if (summary.End > file.Length)
        {
            quarantine.Keep(file.Path, "it is shorter than it was");
            return null;
        }

        var segment = new Segment(file.Path, file.Length, file.Generation, summary.End) { Sealed = true, Suspect = file.IsHeaderLost };
        segment.Extents.AddRange(summary.Extents.Select(e => Extent.Of(segment, e)));
        return segment;
    }

    private void Scan(SegmentScan scan, SegmentFile file, bool replay, bool isLast, Recovered recovered)
    {
        var segment = new Segment(file.Path, file.Length, file.Generation, 0) { Suspect = file.IsHeaderLost };
        var extents = new ExtentCollector(segment);
        var result = scan.Run(file, replay ? new Both(extents, _replay) : extents);
        segment.End = result.End;
        recovered.Commits += result.Commits;
        recovered.NextCommit = Math.Max(recovered.NextCommit, result.Next);

        var isTornInside = result.Torn > 0 && !isLast;
        var isShort = file.Length < file.Header.Size;
        if (result.IsDamaged || isTornInside || isShort)
        {
            quarantine.Keep(file.Path, isShort ? "it is shorter than it was" : "a commit in its midst cannot be read");
            if (isTornInside && replay)
            {
                _replay.Damage(result.Torn);
            }
        }

        if (result.Commits == 0 && !result.IsDamaged && !isShort)
        {
            recovered.Spares.Add((file.Path, file.Length));
            return;
        }

        if (isLast && !result.IsDamaged && !file.IsHeaderLost && !isShort)
        {
            recovered.CutBytes = result.Torn;
            recovered.Tail = segment;
            recovered.TailFirstCommit = file.Header.FirstCommit;
            recovered.TailLastCommit = result.LastOffset;
            recovered.IsTailOlder = file.Header.Version < Layout.Version;
            return;
        }

        segment.Sealed = true;
        recovered.Sealed.Add(segment);
    }

    private sealed class FirstCommitProbe : ICommitVisitor
    {
        private bool _seen;

        public bool IsCheckpoint { get; private set; }

        public void Damage(long bytes) => _seen = true;

        public void Visit(long offset, CommitHeader header, ReadOnlySpan<byte> frames)
        {
            IsCheckpoint |= !_seen && header.IsCheckpoint;
            _seen = true;
        }
    }

    private sealed class Both(ICommitVisitor first, ICommitVisitor second) : ICommitVisitor
    {
        public void Damage(long bytes)
        {
            first.Damage(bytes);
            second.Damage(bytes);
        }

        public void Visit(long offset, CommitHeader header, ReadOnlySpan<byte> frames)
        {
            first.Visit(offset, header, frames);
            second.Visit(offset, header, frames);
        }
    }
}
