using Gateway.Mqtt;

namespace Gateway.Storage;

/// <summary>Takes appends into memory, gives them their numbers, and hands the batch to the journal's thread. Nothing here touches the disk.</summary>
internal sealed class Appender
{
    /// <summary>More streams than any message has; bounds the stack.</summary>
    private const int MostTargets = 256;

    private readonly Lock _lock = new();
    private readonly JournalOptions _options;
    private readonly IJournalClock _clock;
    private readonly StorageMetrics _metrics;
    private readonly Wakeup _wakeup;
    private readonly Gathering _gathering;
    private readonly KeyedState _state;
    private readonly KeyedChanges _changes;
    private readonly Admission _admission;
    private readonly StreamRoll _roll = new();
    private readonly EntryTarget[] _targets = new EntryTarget[MostTargets];
    private readonly OutboxStream[] _takers = new OutboxStream[MostTargets];
    private Batch _active;
    private Batch _resting;
    private long _lsn;
    private long _commitWindow;

    public Appender(JournalOptions options, IJournalClock clock, StorageMetrics metrics, Wakeup wakeup, Gathering gathering)
    {
        (_options, _clock, _metrics, _wakeup, _gathering) = (options, clock, metrics, wakeup, gathering);
        _state = new KeyedState(options.StateLimit);
        _changes = new KeyedChanges(_state, options);
        _admission = new Admission(options, metrics, wakeup);
        CommitWindow = options.CommitWindow;
        _active = new Batch(64 << 10);
        _resting = new Batch(64 << 10);
        _active.Begin(default);
    }

    /// <summary>How long an append that nobody waits for may wait for its commit.</summary>
    public TimeSpan CommitWindow
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _commitWindow));
        set => Interlocked.Exchange(ref _commitWindow, value.Ticks);
    }

    /// <summary>All streams on disk; a snapshot.</summary>
    public IReadOnlyList<OutboxStream> Streams => _roll.All;

    /// <summary>Whether the disk takes what is appended.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _admission.Intake == Intake.Open;
            }
        }
    }

    /// <summary>Appends since the last <see cref="Take"/> for whose acknowledgement somebody waits.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _active.Waiting;
            }
        }
    }

    /// <summary>After a start: takes over what was on disk.</summary>
    /// <param name="streams">All streams.</param>
    /// <param name="state">All keyed facts.</param>
    /// <param name="nextStream">The lowest number of a stream of which nothing is on disk, not even of one that was removed.</param>
    public void Restore(IEnumerable<OutboxStream> streams, IEnumerable<KeyValuePair<string, byte[]>> state, uint nextStream)
    {
        lock (_lock)
        {
            _roll.Restore(streams, nextStream);
            foreach (var (key, value) in state)
            {
                _state.Set(key, value);
            }
        }
    }

    /// <summary>Makes a stream; its definition rides in the commit of its first entry.</summary>
    public OutboxStream Create(StreamId id, StreamHost host)
    {
        lock (_lock)
        {
            return _roll.Create(id, host);
        }
    }

    /// <summary>After a start: gives every stream a new epoch. The first commit tells of them, before or together with the first entry in one.</summary>
    public void RenewEpochs()
    {
        lock (_lock)
        {
            _roll.Renew();
        }
    }

    /// <summary>Takes a stream out that nobody appends to. It is gone once a checkpoint without it is durable.</summary>
    public void Remove(OutboxStream stream)
    {
        lock (_lock)
        {
            _roll.Remove(stream);
        }
    }

    /// <summary>Takes it back: the checkpoint without it did not become durable.</summary>
    public void Return(OutboxStream stream)
    {
        lock (_lock)
        {
            _roll.Add(stream);
            stream.CaptureAgain();
        }
    }

    public AppendResult Append(MqttMessage message, ReadOnlySpan<OutboxTarget> targets, Urgency urgency)
    {
        if (targets.IsEmpty)
        {
            return new AppendResult(AppendStatus.Accepted, 0);
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(targets.Length, MostTargets);
        var bound = EntryFrame.LengthBound(message, targets);
        lock (_lock)
        {
            if (urgency == Urgency.Immediate)
            {
                return _admission.TryRefuse(_active, bound, targets) ?? Add(message, targets, urgency, bound);
            }

            // Nobody waits, so nobody can be told but upstream: what no stream takes becomes a gap of each.
            if (_admission.Intake == Intake.Failed)
            {
                Skip(targets, GapReason.Storage);
                return new AppendResult(AppendStatus.Failed, 0);
            }

            if (_admission.Intake == Intake.Full)
            {
                // These gaps wait for a commit that has another cause: by themselves they would use up the last segment.
                Skip(targets, GapReason.Size);
                return new AppendResult(AppendStatus.Refused, 0);
            }

            if (bound > _options.EntryLimit || _active.Overflowed || !_admission.HasMemory(_active, bound))
            {
                Skip(targets, GapReason.Size);
                if (bound <= _options.EntryLimit)
                {
                    _active.Overflowed = true;
                    _wakeup.Commit();
                }

                return new AppendResult(AppendStatus.Refused, Taken(urgency));
            }

            return Add(message, targets, urgency, bound);
        }
    }

    /// <summary>Takes what stands for entries of a stream; these go with the commit that makes it durable. If none does, nothing has happened: its numbers are given again.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="ranges">The entries.</param>
    /// <param name="standIns">What stands for them.</param>
    /// <returns>false: this batch has no room for all of it, and takes nothing.</returns>
    public bool TryReplace(OutboxStream stream, IReadOnlyList<ThinnedRange> ranges, IReadOnlyList<StandIn> standIns)
    {
        lock (_lock)
        {
            if (_admission.Intake != Intake.Open || !_admission.HasMemory(_active, standIns.Sum(static s => s.LengthBound)))
            {
                return false;
            }

            _active.Stamp(_clock);
            var delay = Math.Max(0, (long)_clock.SinceBoot.TotalMilliseconds - _active.Moment.SinceBoot);
            foreach (var (topic, message) in standIns)
            {
                // As if somebody waited: nothing is lost if it is.
                var seq = stream.Pending.Add(_active, delay, null, awaited: true);
                stream.Pending.Grow(_active.Add(message, [new EntryTarget(stream.Number, seq, topic == message.Topic ? null : topic)], delay));
            }

            stream.Pending.Part!.Thinned.AddRange(ranges);
            return true;
        }
    }

    /// <summary>Sets a key, or removes it if there is no value.</summary>
    public AppendResult Set(string key, byte[]? value, Urgency urgency)
    {
        var size = KeyedChanges.SizeOf(key, value);
        lock (_lock)
        {
            if (_changes.Refuses(_active, _admission.Intake, key, value) is { } status)
            {
                return new AppendResult(status, 0);
            }

            _active.Stamp(_clock);
            _changes.Add(_active, key, value);
            _metrics.Appended(size);
            return new AppendResult(AppendStatus.Accepted, Taken(urgency));
        }
    }

    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Read(string prefix)
    {
        lock (_lock)
        {
            return _state.Read(prefix);
        }
    }

    /// <summary>Takes the batch that has grown, with what changed in the streams; appends go to a new one.</summary>
    /// <param name="room">Bytes left in the segment; what does not fit begins a new one, and restates everything.</param>
    /// <param name="evenIfEmpty">Also if there is nothing to write.</param>
    public Batch? Take(long room, bool evenIfEmpty)
    {
        lock (_lock)
        {
            var batch = _active;
            batch.Stamp(_clock);
            batch.Close();
            var changed = Checkpoint.WriteStreams(batch, Streams, restate: false);
            if (batch.IsEmpty && !evenIfEmpty)
            {
                return null;
            }

            if (Layout.Align(batch.Buffer.Length) > room)
            {
                batch.Reopen();
                batch.Frames -= changed;
                Checkpoint.Write(batch, Streams, _state);
            }

            batch.Close();
            foreach (var stream in Streams)
            {
                stream.Pending.Take();
            }

            (_active, _resting) = (_resting, batch);
            _active.Begin(default);
            return batch;
        }
    }

    /// <summary>Adds what changed in the streams to a batch that is none of ours.</summary>
    public void Tell(Batch batch)
    {
        lock (_lock)
        {
            batch.Mark();
            Checkpoint.WriteStreams(batch, Streams, restate: false);
            batch.Close();
        }
    }

    /// <summary>What was added will not be written.</summary>
    public void TellAgain(Batch batch)
    {
        lock (_lock)
        {
            foreach (var stream in Streams)
            {
                stream.CaptureAgain();
            }

            batch.Rewind();
        }
    }

    /// <summary>Makes a batch that was taken the first commit of another segment.</summary>
    public void MakeCheckpoint(Batch batch)
    {
        lock (_lock)
        {
            if (!batch.IsCheckpoint)
            {
                batch.Reopen();
                Checkpoint.Write(batch, Streams, _state);
                batch.Close();
            }
        }
    }

    /// <summary>All streams as they are once the batch is durable, if there is one.</summary>
    public List<StreamFrame> Outline(Batch? batch)
    {
        lock (_lock)
        {
            return [.. Streams.Select(s => s.Outline(batch?.Parts.Find(p => ReferenceEquals(p.Stream, s))?.Next ?? s.Pending.Durable))];
        }
    }

    public void Committed(Batch batch)
    {
        lock (_lock)
        {
            foreach (var part in batch.Parts)
            {
                part.Stream.Pending.Committed(part);
            }
        }
    }

    /// <summary>Gives up everything that is not durable, the batch that was taken included: numbers and keys go back to what the disk knows.</summary>
    /// <remarks>Who waited is told. What nobody waited for gets a number again, as a gap: that is durable as soon as anything is.</remarks>
    /// <returns>The last log sequence number given up.</returns>
    public long Discard(Batch? taken, Intake intake)
    {
        lock (_lock)
        {
            _admission.Intake = intake;
            _changes.Undo(_active);
            if (taken is not null)
            {
                _changes.Undo(taken);
            }

            List<PendingPart> lost = [.. taken?.Parts ?? [], .. _active.Parts];
            var since = (taken ?? _active).Moment.Wall;
            foreach (var stream in Streams)
            {
                stream.Pending.Discard();
                stream.CaptureAgain();
                stream.Offer();
            }

            _active.Begin(default);
            foreach (var part in lost)
            {
                if (part.Unawaited > 0)
                {
                    _active.Stamp(_clock);
                    part.Stream.Pending.Skip(_active, part.Unawaited, awaited: false, intake == Intake.Full ? GapReason.Size : GapReason.Storage, since, _active.Moment.Wall);
                }
            }

            return _lsn;
        }
    }

    /// <summary>Whether appends are taken.</summary>
    public void Admit(Intake intake)
    {
        lock (_lock)
        {
            _admission.Intake = intake;
        }
    }

    private void Skip(ReadOnlySpan<OutboxTarget> targets, GapReason reason)
    {
        foreach (var target in targets)
        {
            Skip((OutboxStream)target.Stream, reason, awaited: false);
        }
    }

    private void Skip(OutboxStream stream, GapReason reason, bool awaited)
    {
        if (!stream.Pending.IsSkipping && stream.Untold >= Progress.MostGaps)
        {
            _metrics.DroppedUntold(stream.Id);
            return;
        }

        _active.Stamp(_clock);
        var wall = _clock.UtcNow.ToUnixTimeMilliseconds();
        stream.Pending.Skip(_active, 1, awaited, reason, wall, wall);
    }

    private AppendResult Add(MqttMessage message, ReadOnlySpan<OutboxTarget> targets, Urgency urgency, long bound)
    {
        _active.Stamp(_clock);
        var delay = Math.Max(0, (long)_clock.SinceBoot.TotalMilliseconds - _active.Moment.SinceBoot);
        var taken = 0;
        foreach (var target in targets)
        {
            var stream = (OutboxStream)target.Stream;
            if (stream.Limits is { WhenFull: WhenFull.DropNewest or WhenFull.Refuse } && !Admission.HasRoom(stream, bound))
            {
                Skip(stream, GapReason.Size, urgency == Urgency.Immediate);
                continue;
            }

            var seq = stream.Pending.Add(_active, delay, message.Retain ? target.Topic ?? message.Topic : null, urgency == Urgency.Immediate);
            _takers[taken] = stream;
            _targets[taken++] = new EntryTarget(stream.Number, seq, target.Topic);
        }

        if (taken == 0)
        {
            // A gap took its place: whoever waits, waits for that.
            return new AppendResult(AppendStatus.Accepted, Taken(urgency));
        }

        var length = _active.Add(message, _targets.AsSpan(0, taken), delay);
        foreach (var stream in _takers.AsSpan(0, taken))
        {
            stream.Pending.Grow(length);
        }

        _metrics.Appended(message.Topic.Length + message.Payload.Length);
        return new AppendResult(AppendStatus.Accepted, Taken(urgency));
    }

    /// <returns>The log sequence number of what came into the batch.</returns>
    private long Taken(Urgency urgency)
    {
        var first = _active.LastLsn == 0;
        _active.LastLsn = ++_lsn;
        if (urgency == Urgency.Immediate && ++_active.Waiting == _gathering.Expected)
        {
            _wakeup.Turn();
        }

        if (urgency == Urgency.Immediate || _active.Buffer.Length > _options.BatchLimit / 2)
        {
            _wakeup.Commit();
        }
        else if (first)
        {
            _wakeup.CommitWithin(CommitWindow);
        }

        return _lsn;
    }
}
