using System.Diagnostics;

namespace Gateway.Storage;

/// <summary>The journal's thread: it alone writes commits. One write and one fdatasync make everything durable that had been appended until then.</summary>
internal sealed class Committer
{
    private readonly CommitterParts _parts;
    private readonly Appender _appender;
    private readonly SegmentSet _segments;
    private readonly SegmentPool _pool;
    private readonly SpaceKeeper _space;
    private readonly CopyForward _copies;
    private readonly Thread _thread;
    private IJournalFile? _file;
    private ulong _number;
    private ulong _firstCommit;
    private long _failedAt;

    /// <summary>A segment was begun since something was copied: for each one, at most a quarter of one is copied.</summary>
    private bool _mayCopy;

    /// <summary>The tail in which copies found no room, and no other could be begun for them.</summary>
    private Segment? _tooSmall;

    private int _markedStreams;
    private volatile bool _stopping;
    private volatile Intake _condition;
    private long _turns;
    private long _syncingSince;

    public Committer(CommitterParts parts, ulong nextCommit, ulong tailFirstCommit, IJournalFile? tailFile)
    {
        _parts = parts;
        (_appender, _segments, _pool) = (parts.Appender, parts.Segments, parts.Pool);
        (_number, _firstCommit, _file) = (nextCommit, tailFirstCommit, tailFile);
        _space = new SpaceKeeper(parts);
        _copies = new CopyForward(parts);
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
    }

    public Intake Condition => _condition;

    /// <summary>Turns of the thread so far: grows after each <see cref="Wakeup.Turn"/>, unless it hangs.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>The number of the next commit: grows with each that became durable.</summary>
    public long Commits => (long)Volatile.Read(ref _number);

    /// <summary>How long the thread has been inside the present write and sync.</summary>
    public TimeSpan Syncing => Interlocked.Read(ref _syncingSince) is var since and not 0 ? _parts.Time.GetElapsedTime(since) : TimeSpan.Zero;

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
            _parts.Mark.Write(mark);
            _parts.Mark.Write(mark);
        }
        else
        {
            _parts.Mark.TryWrite(mark);
        }
    }

    public void Start() => _thread.Start();

    /// <summary>Writes what there is to tell, on the caller's thread, before <see cref="Start"/>.</summary>
    /// <returns>Whether it is durable.</returns>
    public bool CommitFirst()
    {
        var number = _number;

        // The mark, too: should this commit be destroyed, numbers of epochs that are not ours any more would be given.
        _markedStreams = -1;
        Commit(evenIfEmpty: true);
        return _number > number;
    }

    /// <summary>Writes what is pending and ends.</summary>
    public void Stop()
    {
        _stopping = true;
        _parts.Wakeup.Turn();
        _thread.Join();
        _file?.Dispose();
        if (_segments.Tail is { } tail && _condition != Intake.Failed)
        {
            Mark(tail, null, isFinal: true);
        }
    }

    private void Run()
    {
        while (true)
        {
            var stopping = _stopping;
            if (_condition == Intake.Failed)
            {
                ReviveIfDue();
            }

            // Also right after it was revived: a commit asked for meanwhile is still to be looked at, and would hide the next.
            if (_condition != Intake.Failed)
            {
                Turn(stopping);
            }

            _parts.Requests.Run(this);
            Interlocked.Increment(ref _turns);
            if (stopping)
            {
                _parts.Requests.Close();
                return;
            }

            _parts.Wakeup.Wait();
        }
    }

    private void Turn(bool stopping)
    {
        var tick = _parts.Wakeup.TakeTick();
        if (_parts.Wakeup.TakeCommit() || stopping)
        {
            if (!stopping)
            {
                Gather();
            }

            Commit(evenIfEmpty: false);
        }

        if (_condition == Intake.Failed)
        {
            return;
        }

        if (tick)
        {
            foreach (var stream in _appender.Streams)
            {
                stream.LookAgain();
            }
        }

        var dropped = _space.Trim(tick);
        if (_mayCopy || (_pool.IsFull && (tick || !ReferenceEquals(_tooSmall, _segments.Tail))))
        {
            CopyForward();
            if (_condition == Intake.Failed)
            {
                return;
            }
        }

        _pool.Replenish(retry: tick && IsRetryDue());
        if (_pool.Count < SegmentPool.Wanted)
        {
            // Cursors and gaps first: only a segment whose end is durable may be used again.
            dropped |= _space.MakeRoom();
            if (dropped || Dead().Count > 0)
            {
                Commit(evenIfEmpty: false);
            }
        }

        if (_condition == Intake.Full && _pool.Count >= SegmentPool.Wanted)
        {
            Reopen();
            JournalLog.RoomAgain(_parts.Log);
        }
    }

    /// <summary>Waits for those who are about to append, if that saves them a sync.</summary>
    private void Gather()
    {
        var gathering = _parts.Gathering;
        var before = _appender.Waiting;
        if (gathering.Patience(before) is not (> 0 and var patience))
        {
            return;
        }

        var deadline = Environment.TickCount64 + patience;
        while (_appender.Waiting < gathering.Expected && deadline - Environment.TickCount64 is > 0 and var left)
        {
            _parts.Wakeup.Wait((int)left);
        }

        gathering.Waited(came: _appender.Waiting > before);

        // What woke us may have been meant for the next turn: a tick, the stop.
        _parts.Wakeup.Turn();
    }

    /// <summary>All segments, oldest first. For requests.</summary>
    public IReadOnlyList<Segment> Segments => _segments.All;

    /// <summary>Makes durable what is known. For requests.</summary>
    /// <exception cref="JournalException">It cannot be written.</exception>
    public void CommitNow()
    {
        if (_condition != Intake.Failed)
        {
            Commit(evenIfEmpty: false);
        }

        ThrowIfFailed();
    }

    /// <summary>Removes a stream that no bridge has opened, and frees what only it needed: a new segment begins, whose checkpoint does not know it. For requests.</summary>
    /// <exception cref="JournalException">It cannot be written; the stream is as before.</exception>
    public void Remove(OutboxStream stream)
    {
        ThrowIfFailed();
        _appender.Remove(stream);
        var number = _number;
        Commit(evenIfEmpty: true, restate: true);
        if (_number == number)
        {
            _appender.Return(stream);
            ThrowIfFailed();
            throw new JournalException("the disk is full and has no room for the record of it: free some space");
        }

        stream.Seal();
        stream.Ask(static b => b.GiveUp(ulong.MaxValue, inFlightToo: true));
        stream.Dispose();
    }

    /// <summary>Makes durable what is known, and pins all segments of which something is needed then. For requests.</summary>
    /// <exception cref="JournalException">It cannot be written.</exception>
    public List<Segment> Pin()
    {
        // Found before the commit: only then does the disk know, too, that nothing in them is needed.
        var dead = _segments.Dead(last: false).ToHashSet();
        CommitNow();
        var needed = _segments.All.Where(s => !dead.Contains(s)).ToList();
        needed.ForEach(static s => s.Pin());
        return needed;
    }

    private void ThrowIfFailed()
    {
        if (_condition == Intake.Failed)
        {
            throw new JournalException("the journal cannot be written at the moment: edge-gateway status says why");
        }
    }

    private List<Segment> Dead() => _segments.Dead(last: _pool.IsExhausted);

    /// <summary>Space is wanted: what little waits in an old segment is written again, in a commit of its own.</summary>
    private void CopyForward()
    {
        var pressed = _pool.IsFull;
        _mayCopy = false;
        if (_segments.Tail is null || !_copies.TryCollect(pressed))
        {
            return;
        }

        // What the streams know is captured last: a checkpoint in between would know more, and the older must not follow the newer.
        _appender.Tell(_copies.Batch);
        if (_copies.Batch.Area > _segments.Room && !pressed && _pool.Count >= SegmentPool.Wanted)
        {
            _appender.TellAgain(_copies.Batch);
            Commit(evenIfEmpty: true, restate: true);
            _appender.Tell(_copies.Batch);
        }

        var reason = "";
        if (_segments.Tail is not { } tail || _copies.Batch.Area > _segments.Room)
        {
            _appender.TellAgain(_copies.Batch);
            _tooSmall = _segments.Tail;
        }
        else if (TryWrite(_copies.Batch, tail, _file!, ref reason) is { } written)
        {
            _copies.Move(tail, written.Offset, written.Header);
        }
        else
        {
            // The number of the commit that failed goes to the first one of another segment, which voids it.
            tail.Suspect = true;
            JournalLog.WriteFailed(_parts.Log, tail.Path, reason);
            _appender.TellAgain(_copies.Batch);
            Commit(evenIfEmpty: true, restate: true);
        }
    }

    private void Commit(bool evenIfEmpty, bool restate = false)
    {
        // One that was found damaged goes as soon as it may: every start would tell of it again.
        var isShort = _pool.Count < SegmentPool.Wanted || _segments.Room < _parts.Options.SegmentSize / 4;
        var dead = Dead().FindAll(s => isShort || s.Suspect);
        _parts.Wakeup.Written();
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
            JournalLog.WriteFailed(_parts.Log, _segments.Tail.Path, reason);
            _appender.MakeCheckpoint(batch);
        }

        Seal();
        for (; attempts > 0; attempts--)
        {
            var size = _segments.SizeFor(batch.Buffer.Length);
            if ((size == _parts.Options.SegmentSize ? TakeSegment(batch, isReserveOpen: batch.Entries == 0 || dead > 0) : _pool.TakeLarge(size)) is not { } path)
            {
                return GiveUp(batch, batch.Entries > 0 && _pool.IsFull ? Intake.Full : Intake.Failed, "no space for another segment");
            }

            if (TryBegin(batch, path, size, ref reason))
            {
                return true;
            }

            JournalLog.WriteFailed(_parts.Log, _segments.LastBegun!, reason);
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
        var copies = batch.Buffer.Length < _parts.Options.SegmentSize / 2 && _copies.CanFree(_pool.IsFull);
        return !isReserveOpen && (copies || _space.MakeRoom() || Dead().Count > 0) ? _pool.Take(keep: 0) : null;
    }

    private bool TryBegin(Batch batch, string path, long size, ref string reason)
    {
        var first = _firstCommit;
        try
        {
            var (segment, file) = _segments.Begin(path, size, _number, Moment.Of(_parts.Clock).Wall);
            _firstCommit = _number;
            if (TryWrite(batch, segment, file, ref reason) is not null)
            {
                _mayCopy = true;
                _file = file;
                _segments.Adopt(segment);
                return true;
            }

            file.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _parts.Metrics.Failed("begin");
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
            Interlocked.Exchange(ref _syncingSince, _parts.Time.GetTimestamp());
            header = batch.Finish(segment, _number, _firstCommit, _parts.SumStart);
            file.Write(batch.Buffer.Written, segment.End);
            var started = Stopwatch.GetTimestamp();
            file.Sync();
            sync = Stopwatch.GetElapsedTime(started);
            _parts.Metrics.Synced(sync);
            _parts.Metrics.Composed(header);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _parts.Metrics.Failed("commit");
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
        _parts.Metrics.Committed();

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
        _parts.Gathering.Committed(batch.Waiting, _appender.Waiting, sync);
        if (batch.LastLsn > 0)
        {
            _parts.Durability.Advance(batch.LastLsn);
        }

        return (offset, header);
    }

    private void Mark(Segment segment, Batch? batch, bool isFinal)
    {
        var streams = _appender.Outline(batch);
        _markedStreams = streams.Count;
        _parts.Mark.TryWrite(new JournalMark(_segments.Journal, 0, isFinal, segment.Generation, segment.Size, _firstCommit, _number, segment.End, streams));
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
        _failedAt = _parts.Time.GetTimestamp();
        var lsn = _appender.Discard(batch, condition);
        if (condition == Intake.Full)
        {
            JournalLog.Full(_parts.Log);
        }
        else if (_condition != Intake.Failed)
        {
            JournalLog.SinkFailed(_parts.Log, reason, _parts.Options.Retry.TotalSeconds);
        }

        _condition = condition;
        _parts.Durability.Fail(lsn);
        if (condition == Intake.Full)
        {
            // The reserve takes what the streams know, so that what upstream takes from now on makes room.
            Commit(evenIfEmpty: true);
        }

        return false;
    }

    private void ReviveIfDue()
    {
        if (!IsRetryDue())
        {
            return;
        }

        _pool.Retry();
        _failedAt = _parts.Time.GetTimestamp();
        var number = _number;
        Commit(evenIfEmpty: true);
        if (_number > number)
        {
            Reopen();
            JournalLog.SinkHealed(_parts.Log);
        }
    }

    private bool IsRetryDue() => _parts.Time.GetElapsedTime(_failedAt) >= _parts.Options.Retry;

    private void Reopen()
    {
        _appender.Admit(Intake.Open);
        _condition = Intake.Open;

        // What was not taken meanwhile is a gap, for which nothing else may come along.
        _parts.Wakeup.Commit();
    }
}
