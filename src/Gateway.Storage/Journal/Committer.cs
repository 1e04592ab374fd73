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
    private readonly CommitWriter _writer;

    /// <summary>The tail in which copies found no room, and no other could be begun for them.</summary>
    private Segment? _tooSmall;

    private volatile bool _stopping;
    private long _turns;

    public Committer(CommitterParts parts, ulong nextCommit, ulong tailFirstCommit, IJournalFile? tailFile)
    {
        _parts = parts;
        (_appender, _segments, _pool) = (parts.Appender, parts.Segments, parts.Pool);
        _space = new SpaceKeeper(parts);
        _copies = new CopyForward(parts);
        _writer = new CommitWriter(parts, _space, _copies, nextCommit, tailFirstCommit, tailFile);
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
    }

    public Intake Condition => _writer.Condition;

    /// <summary>Turns of the thread so far: grows after each <see cref="Wakeup.Turn"/>, unless it hangs.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>The number of the next commit: grows with each that became durable.</summary>
    public long Commits => (long)_writer.Number;

    /// <summary>How long the thread has been inside the present write and sync.</summary>
    public TimeSpan Syncing => _writer.Syncing;

    /// <inheritdoc cref="CommitWriter.MarkStart"/>
    public void MarkStart(JournalMark? before) => _writer.MarkStart(before);

    /// <inheritdoc cref="CommitWriter.CommitFirst"/>
    public bool CommitFirst() => _writer.CommitFirst();

    public void Start() => _thread.Start();

    /// <summary>Writes what is pending and ends.</summary>
    public void Stop()
    {
        _stopping = true;
        _parts.Wakeup.Turn();
        _thread.Join();
        _writer.Close();
    }

    private void Run()
    {
        while (true)
        {
            var stopping = _stopping;
            if (_writer.Condition == Intake.Failed)
            {
                _writer.ReviveIfDue();
            }

            // Also right after it was revived: a commit asked for meanwhile is still to be looked at, and would hide the next.
            if (_writer.Condition != Intake.Failed)
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
        var handed = !stopping && _space.HandOver();
        if (_parts.Wakeup.TakeCommit() || handed || stopping)
        {
            if (!stopping)
            {
                Gather();
            }

            _writer.Commit(evenIfEmpty: false);
        }

        if (_writer.Condition == Intake.Failed)
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
        if (_writer.MayCopy || (_pool.IsFull && (tick || !ReferenceEquals(_tooSmall, _segments.Tail))))
        {
            CopyForward();
            if (_writer.Condition == Intake.Failed)
            {
                return;
            }
        }

        _pool.Replenish(retry: tick && _writer.IsRetryDue);
        if (_pool.Count < SegmentPool.Wanted)
        {
            // Cursors and gaps first: only a segment whose end is durable may be used again.
            dropped |= _space.MakeRoom();
            if (dropped || _writer.Dead.Count > 0)
            {
                _writer.Commit(evenIfEmpty: false);
            }
        }

        if (_writer.Condition == Intake.Full && _pool.Count >= SegmentPool.Wanted)
        {
            _writer.Reopen();
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
        if (_writer.Condition != Intake.Failed)
        {
            _writer.Commit(evenIfEmpty: false);
        }

        ThrowIfFailed();
    }

    /// <summary>Removes a stream that no bridge has opened, and frees what only it needed: a new segment begins, whose checkpoint does not know it. For requests.</summary>
    /// <exception cref="JournalException">It cannot be written; the stream is as before.</exception>
    public void Remove(OutboxStream stream)
    {
        ThrowIfFailed();
        _appender.Remove(stream);
        var number = _writer.Number;
        _writer.Commit(evenIfEmpty: true, restate: true);
        if (_writer.Number == number)
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
        if (_writer.Condition == Intake.Failed)
        {
            throw new JournalException("the journal cannot be written at the moment: edge-gateway status says why");
        }
    }

    /// <summary>Space is wanted: what little waits in an old segment is written again, in a commit of its own.</summary>
    private void CopyForward()
    {
        var pressed = _pool.IsFull;
        _writer.MayCopy = false;
        if (_segments.Tail is null || !_copies.TryCollect(pressed))
        {
            return;
        }

        // What the streams know is captured last: a checkpoint in between would know more, and the older must not follow the newer.
        _appender.Tell(_copies.Batch);
        if (_copies.Batch.Area > _segments.Room && !pressed && _pool.Count >= SegmentPool.Wanted)
        {
            _appender.TellAgain(_copies.Batch);
            _writer.Commit(evenIfEmpty: true, restate: true);
            _appender.Tell(_copies.Batch);
        }

        if (_segments.Tail is not { } tail || _copies.Batch.Area > _segments.Room)
        {
            _appender.TellAgain(_copies.Batch);
            _tooSmall = _segments.Tail;
        }
        else if (_writer.TryWriteCopies(_copies.Batch, tail) is { } written)
        {
            _copies.Move(tail, written.Offset, written.Header);
        }
        else
        {
            _appender.TellAgain(_copies.Batch);
            _writer.Commit(evenIfEmpty: true, restate: true);
        }
    }
}
