using System.Diagnostics;

namespace Gateway.Storage;

/// <summary>Writes commits into the tail, begins segments for them, and knows whether the disk takes them. For the journal's thread.</summary>
internal sealed class CommitWriter(CommitterParts parts, SpaceKeeper space, CopyForward copies, ulong nextCommit, ulong tailFirstCommit, IJournalFile? tailFile)
{
    private readonly Appender _appender = parts.Appender;
    private readonly SegmentSet _segments = parts.Segments;
    private readonly SegmentPool _pool = parts.Pool;
    private IJournalFile? _file = tailFile;
    private ulong _number = nextCommit;
    private ulong _firstCommit = tailFirstCommit;
    private long _failedAt;
    private int _markedStreams;
    private volatile Intake _condition;
    private long _syncingSince;

    public Intake Condition => _condition;

    /// <summary>The number of the next commit: grows with each that became durable.</summary>
    public ulong Number => Volatile.Read(ref _number);

    /// <summary>How long it has been inside the present write and sync.</summary>
    public TimeSpan Syncing => Interlocked.Read(ref _syncingSince) is var since and not 0 ? parts.Time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>A segment was begun since something was copied: for each one, at most a quarter of one is copied.</summary>
    public bool MayCopy { get; set; }

    /// <summary>Whether a failed disk, or a full one, is to be asked again by now.</summary>
    public bool IsRetryDue => parts.Time.GetElapsedTime(_failedAt) >= parts.Options.Retry;

    /// <summary>Segments of which nothing is needed.</summary>
    public List<Segment> Dead => _segments.Dead(last: _pool.IsExhausted);

    /// <summary>What was read at the start is where the journal ends for now. A mark that says so for good would deny what follows: both its places are overwritten.</summary>
    /// <exception cref="IOException">There is one and it cannot be.</exception>
    public void MarkStart(JournalMark? before)
    {
        if (_segments.Tail is not { } tail)
        {
            // The mark proves what is missing until the next segment begins.
            return;
        }

        var streams = _appender.Outline(null);
        var mark = new JournalMark(_segments.Journal, 0, false, tail.Generation, tail.Size, _firstCommit, _number, tail.End, streams);
        _markedStreams = streams.Count;
        if (before is { IsFinal: true })
        {
            parts.Mark.Write(mark);
            parts.Mark.Write(mark);
        }
        else
        {
            parts.Mark.TryWrite(mark);
        }
    }

    /// <summary>Writes what there is to tell, on the caller's thread, before <see cref="Committer.Start"/>.</summary>
    /// <returns>Whether it is durable.</returns>
    public bool CommitFirst()
    {
        var number = _number;

        // The mark, too: should this commit be destroyed, numbers of epochs that are not ours any more would be given.
        _markedStreams = -1;
        Commit(evenIfEmpty: true);
        return _number > number;
    }

    /// <summary>Lets go of the file; the journal ends here.</summary>
    public void Close()
    {
        _file?.Dispose();
        if (_segments.Tail is { } tail && _condition != Intake.Failed)
        {
            Mark(tail, null, isFinal: true);
        }
    }

    /// <summary>Writes what is pending.</summary>
    /// <param name="evenIfEmpty">Also if there is nothing to write.</param>
    /// <param name="restate">Into a new segment, which restates everything.</param>
    public void Commit(bool evenIfEmpty, bool restate = false)
    {
        // One that was found damaged goes as soon as it may: every start would tell of it again.
        var isShort = _pool.Count < SegmentPool.Wanted || _segments.Room < parts.Options.SegmentSize / 4;
        var dead = Dead.FindAll(s => isShort || s.Suspect);
        parts.Wakeup.Written();
        if (_appender.Take(restate ? 0 : _segments.Room, evenIfEmpty) is { } batch && !Write(batch, dead.Count(static s => !s.Suspect)))
        {
            return;
        }

        foreach (var segment in dead)
        {
            _segments.Remove(segment);
            _pool.Add(segment.Path, segment.Size, segment.Suspect);
        }
    }

    /// <summary>Writes copies into the tail. Fails as a commit does; the number of the commit that failed goes to the first one of another segment, which voids it.</summary>
    /// <returns>The commit; null: it failed.</returns>
    public (long Offset, CommitHeader Header)? TryWriteCopies(Batch batch, Segment tail)
    {
        var reason = "";
        if (TryWrite(batch, tail, _file!, ref reason) is { } written)
        {
            return written;
        }

        tail.Suspect = true;
        JournalLog.WriteFailed(parts.Log, tail.Path, reason);
        return null;
    }

    /// <summary>Asks a failed disk again, if it is time to.</summary>
    public void ReviveIfDue()
    {
        if (!IsRetryDue)
        {
            return;
        }

        _pool.Retry();
        _failedAt = parts.Time.GetTimestamp();
        var number = _number;
        Commit(evenIfEmpty: true);
        if (_number > number)
        {
            Reopen();
            JournalLog.SinkHealed(parts.Log);
        }
    }

    /// <summary>Appends are taken again.</summary>
    public void Reopen()
    {
        _appender.Admit(Intake.Open);
        _condition = Intake.Open;

        // What was not taken meanwhile is a gap, for which nothing else may come along.
        parts.Wakeup.Commit();
    }

    /// <returns>Whether it is durable; if not, it is given up and everybody told.</returns>
    private bool Write(Batch batch, int dead)
    {
        var reason = "";
        var attempts = 2;
        if (!batch.IsCheckpoint)
        {
            if (TryWrite(batch, _segments.Tail!, _file!, ref reason) is not null)
            {
                return true;
            }

            attempts--;
            _segments.Tail!.Suspect = true;
            JournalLog.WriteFailed(parts.Log, _segments.Tail.Path, reason);
            _appender.MakeCheckpoint(batch);
        }

        Seal();
        for (; attempts > 0; attempts--)
        {
            var size = _segments.SizeFor(batch.Buffer.Length);
            if ((size == parts.Options.SegmentSize ? TakeSegment(batch, isReserveOpen: batch.Entries == 0 || dead > 0) : _pool.TakeLarge(size)) is not { } path)
            {
                return GiveUp(batch, batch.Entries > 0 && _pool.IsFull ? Intake.Full : Intake.Failed, "no space for another segment");
            }

            if (TryBegin(batch, path, size, ref reason))
            {
                return true;
            }

            JournalLog.WriteFailed(parts.Log, _segments.LastBegun!, reason);
            _pool.TryDelete(_segments.LastBegun!);
        }

        return GiveUp(batch, Intake.Failed, reason);
    }

    /// <summary>The next segment. The reserve only for what makes room, or when something else becomes the reserve soon.</summary>
    private string? TakeSegment(Batch batch, bool isReserveOpen)
    {
        if (_pool.Take(keep: isReserveOpen ? 0 : 1) is { } path)
        {
            return path;
        }

        // Copies go where this batch goes, and free another.
        var canCopy = batch.Buffer.Length < parts.Options.SegmentSize / 2 && copies.CanFree(_pool.IsFull);
        return !isReserveOpen && (canCopy || space.MakeRoom() || Dead.Count > 0) ? _pool.Take(keep: 0) : null;
    }

    private bool TryBegin(Batch batch, string path, long size, ref string reason)
    {
        var first = _firstCommit;
        try
        {
            var (segment, file) = _segments.Begin(path, size, _number, Moment.Of(parts.Clock).Wall);
            _firstCommit = _number;
            if (TryWrite(batch, segment, file, ref reason) is not null)
            {
                MayCopy = true;
                _file = file;
                _segments.Adopt(segment);
                return true;
            }

            file.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            parts.Metrics.Failed("begin");
            reason = e.Message;
        }

        _firstCommit = first;
        return false;
    }

    /// <returns>The commit; null: it failed.</returns>
    private (long Offset, CommitHeader Header)? TryWrite(Batch batch, Segment segment, IJournalFile file, ref string reason)
    {
        CommitHeader header;
        TimeSpan sync;
        try
        {
            Interlocked.Exchange(ref _syncingSince, parts.Time.GetTimestamp());
            header = batch.Finish(segment, _number, _firstCommit, parts.SumStart);
            file.Write(batch.Buffer.Written, segment.End);
            var started = Stopwatch.GetTimestamp();
            file.Sync();
            sync = Stopwatch.GetElapsedTime(started);
            parts.Metrics.Synced(sync);
            parts.Metrics.Composed(header);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            parts.Metrics.Failed("commit");
            reason = e.Message;
            return null;
        }
        finally
        {
            Interlocked.Exchange(ref _syncingSince, 0);
        }

        var offset = segment.End;
        segment.End += header.Area;
        _number++;
        parts.Metrics.Committed();

        // Before anybody is told: from then on it could be proven that this segment is missing.
        if (batch.IsCheckpoint || _markedStreams != _appender.Streams.Count)
        {
            Mark(segment, batch, isFinal: false);
        }

        foreach (var part in batch.Parts)
        {
            part.Stream.Commit(part, segment, offset, header);
        }

        _appender.Committed(batch);
        parts.Gathering.Committed(batch.Waiting, _appender.Waiting, sync);
        if (batch.LastLsn > 0)
        {
            parts.Durability.Advance(batch.LastLsn);
        }

        return (offset, header);
    }

    private void Mark(Segment segment, Batch? batch, bool isFinal)
    {
        var streams = _appender.Outline(batch);
        _markedStreams = streams.Count;
        parts.Mark.TryWrite(new JournalMark(_segments.Journal, 0, isFinal, segment.Generation, segment.Size, _firstCommit, _number, segment.End, streams));
    }

    private void Seal()
    {
        _segments.Seal();
        _file?.Dispose();
        _file = null;
        foreach (var stream in _appender.Streams)
        {
            stream.Seal();
        }
    }

    private bool GiveUp(Batch batch, Intake condition, string reason)
    {
        _failedAt = parts.Time.GetTimestamp();
        var lsn = _appender.Discard(batch, condition);
        if (condition == Intake.Full)
        {
            JournalLog.Full(parts.Log);
        }
        else if (_condition != Intake.Failed)
        {
            JournalLog.SinkFailed(parts.Log, reason, parts.Options.Retry.TotalSeconds);
        }

        _condition = condition;
        parts.Durability.Fail(lsn);
        if (condition == Intake.Full)
        {
            // The reserve takes what the streams know, so that what upstream takes from now on makes room.
            Commit(evenIfEmpty: true);
        }

        return false;
    }
}
