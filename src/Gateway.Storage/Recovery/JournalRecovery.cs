namespace Gateway.Storage;

/// <summary>
/// Finds out how things stand: headers of all segments, then every commit from the newest readable checkpoint on, which is at the head of the tail unless that is damaged.
/// What lies in older segments, the header of each one's successor tells.
/// </summary>
internal sealed class JournalRecovery(IJournalFiles files, string folder, Quarantine quarantine)
{
    private readonly FolderSurvey _survey = new(files, folder, quarantine);
    private readonly Replay _replay = new();
    private bool _hasCheckpoint;

    /// <param name="mark">What the journal's mark says, if there is one.</param>
    public Recovered Run(JournalMark? mark)
    {
        _survey.Run(mark);
        if (_survey.Journal is not { } journal)
        {
            var fresh = new Recovered { Journal = Guid.NewGuid(), Generation = 0, IsNew = true };
            fresh.Spares.AddRange(_survey.Spares);
            return fresh;
        }

        var recovered = new Recovered { Journal = journal, Generation = _survey.Generation, Mark = _survey.Mark };
        recovered.Spares.AddRange(_survey.Spares);
        recovered.Missing.AddRange(_survey.Missing);
        recovered.NextCommit = _survey.Mark?.NextCommit ?? 1;
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

        if (_survey.Segments.Count == 0 && _survey.Mark is { } lone)
        {
            recovered.TailLoss = TailLoss.OfMissing(lone);
        }

        if (_survey.Mark is { } known)
        {
            _replay.Complete(known, recovered.TailLoss.IsProven, isComplete: _hasCheckpoint);
        }

        _replay.Damage(recovered.TailLoss.Unknown);
        recovered.Streams = _replay.Streams;
        recovered.State = _replay.State;
        return recovered;
    }

    /// <summary>The newest segment that begins with a readable checkpoint; the first of all if none does.</summary>
    private int Checkpoint(SegmentScan scan)
    {
        for (var i = _survey.Segments.Count - 1; i >= 0; i--)
        {
            var probe = new FirstCommitProbe();
            scan.Run(_survey.Segments[i], probe);
            if (probe.IsCheckpoint)
            {
                _hasCheckpoint = true;
                return i;
            }
        }

        return 0;
    }

    private Segment? Summary(SegmentFile file)
    {
        if (file.Summary is not { Extents: { } extents } summary)
        {
            return null;
        }

        if (summary.End > file.Length)
        {
            // Scanned instead: what is left of it is found, and put aside, there.
            return null;
        }

        var segment = new Segment(file.Path, file.Length, file.Generation, summary.End) { Sealed = true, Suspect = file.IsHeaderLost };
        segment.Extents.AddRange(extents.Select(e => Extent.Of(segment, e)));
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

        var destroyed = isLast ? 0 : Math.Max(result.Torn, (file.Summary?.End ?? result.End) - result.End);
        var isShort = file.Length < file.Header.Size;
        if (replay)
        {
            _replay.Damage(destroyed);
        }

        if (isLast)
        {
            recovered.TailLoss = TailLoss.Of(_survey.Mark, file, result.End);
        }

        // A segment that is missing is told by itself: this one is whole.
        var isNewest = isLast && _survey.Missing.All(m => m.Summary is not null);
        var isCut = isNewest && recovered.TailLoss.IsProven;
        if (result.IsDamaged || destroyed > 0 || isShort || isCut)
        {
            var reason = isShort ? "it is shorter than it was" : isCut ? "its end cannot be read" : "a commit in its midst cannot be read";
            segment.IsHeld = !quarantine.Keep(file.Path, reason);
            segment.Suspect = true;
        }

        if (result.Commits == 0 && !result.IsDamaged && !isShort && !isCut)
        {
            recovered.Spares.Add((file.Path, file.Length));
            return;
        }

        if (isNewest && !result.IsDamaged && !file.IsHeaderLost && !isShort && !isCut)
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
