namespace Gateway.Storage;

/// <summary>A stream: where its entries are (<see cref="ExtentList"/>), how far it has come (<see cref="Progress"/>), and what its sender has in flight.</summary>
/// <remarks>
/// Three locks, taken in this order and never the other way: the sender's reading (disk), the appender's (numbers and memory, no disk), the stream's own (bookkeeping, no disk).
/// </remarks>
internal sealed class OutboxStream : IOutboxStream, IDisposable
{
    private readonly StreamHost _host;
    private readonly Lock _reading = new();
    private readonly Lock _gate = new();
    private readonly EntryReader _reader;
    private readonly Progress _progress;
    private readonly ExtentList _extents = new();
    private readonly RetainedIndex _retained;
    private readonly StreamWaiters _waiters = new();
    private readonly InFlight _inFlight = new();
    private long _bytes;

    public OutboxStream(uint number, StreamId id, ulong epoch, ulong? previousEpoch, StreamHost host)
    {
        (Number, Id, Epoch, PreviousEpoch, _host) = (number, id, epoch, previousEpoch, host);
        _progress = new Progress(epoch);
        _retained = new RetainedIndex(host.Retained);
        _reader = new EntryReader(host.Files, host.SumStart);
        Pending = new PendingEntries(this);
        Trim = new StreamTrim(this, host);
    }

    public uint Number { get; }

    public StreamId Id { get; }

    public ulong Epoch { get; }

    public ulong? PreviousEpoch { get; }

    /// <summary>null: no bridge has opened it; it is kept as it is.</summary>
    public StreamLimits? Limits { get; set; }

    /// <summary>What was appended and is not durable yet. Guarded by the appender.</summary>
    public PendingEntries Pending { get; }

    /// <summary>Drops what is too old or too much. For the journal's thread.</summary>
    public StreamTrim Trim { get; }

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether something is to be written that is no entry. Guarded by the stream.</summary>
    private bool Dirty { get; set; } = true;

    public StreamLedger Ledger
    {
        get
        {
            lock (_gate)
            {
                return new StreamLedger(Epoch, _progress.Oldest, _progress.Next, _progress.Acknowledged, _progress.Dropped);
            }
        }
    }

    public IReadOnlyList<Gap> Gaps
    {
        get
        {
            lock (_gate)
            {
                return [.. _progress.Gaps];
            }
        }
    }

    public ValueTask WaitAsync(ulong seq, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return cancellation.IsCancellationRequested ? ValueTask.FromCanceled(cancellation)
                : IsReady(seq) ? ValueTask.CompletedTask
                : new ValueTask(_waiters.Add(seq, cancellation));
        }
    }

    public bool TryRead(ulong seq, out OutboxEntry entry)
    {
        lock (_reading)
        {
            while (TryMove(_reader, seq, inFlightToo: true))
            {
                seq = _reader.Seq;
                if (_reader.Decode(Number) is not { } found)
                {
                    Lose(seq, seq, _reader.Segment);
                    continue;
                }

                var age = _reader.AppendedAt.AgeAt(Moment.Of(_host.Clock));
                var expiry = found.Message.Properties.MessageExpiryInterval;
                var remaining = expiry - (age / 1000);
                if (Take(seq, found.Topic, age, expired: remaining <= 0))
                {
                    var message = found.Message with { ReceivedAt = _host.Time.GetTimestamp() };
                    if (remaining is { } left && left != expiry)
                    {
                        message = message with { Properties = message.Properties with { MessageExpiryInterval = (uint)left } };
                    }

                    entry = new OutboxEntry(seq, found.Topic, message, WallClock.Of(_reader.AppendedAt.Wall));
                    return true;
                }
            }

            entry = default;
            return false;
        }
    }

    public void Acknowledge(ulong seq)
    {
        lock (_gate)
        {
            if (!_inFlight.TryRemove(seq, out var flight))
            {
                return;
            }

            Resolve(seq, seq, null, flight.AppendedAt.Wall, flight.Cost);
        }

        _host.Progressed();
    }

    public void Abandon(ulong seq, GapReason reason)
    {
        lock (_gate)
        {
            _inFlight.TryRemove(seq, out var flight);
            if (seq >= _progress.Next || _progress.IsResolved(seq))
            {
                return;
            }

            Resolve(seq, seq, reason, flight.AppendedAt.Wall, flight.Cost);
        }

        _host.Progressed();
    }

    public void Rewind()
    {
        lock (_reading)
        {
            lock (_gate)
            {
                _inFlight.Rewind(_progress.NextUnresolved(_progress.Oldest));
            }
        }
    }

    public void Forget(Gap gap)
    {
        lock (_gate)
        {
            if (!_progress.Forget(gap))
            {
                return;
            }

            Dirty = true;
        }

        _host.Progressed();
    }

    public void Dispose()
    {
        _reader.Dispose();
        Trim.Dispose();
    }

    /// <summary>After a start: takes over what the journal told.</summary>
    /// <returns>How many entries are nowhere on disk: they are gaps now.</returns>
    public ulong Restore(StreamFrame frame, IEnumerable<Extent> extents, IEnumerable<KeyValuePair<string, ulong>> retained, long now)
    {
        lock (_gate)
        {
            _progress.Restore(frame);
            foreach (var (topic, seq) in retained)
            {
                _retained.Set(topic, seq);
            }

            var lost = 0UL;
            var expected = frame.Oldest;
            foreach (var extent in extents)
            {
                if (extent.First > expected)
                {
                    lost += _progress.Resolve(expected, extent.First - 1, GapReason.Quarantine, now, now);
                }

                expected = Math.Max(expected, extent.Last + 1);
                _extents.Add(extent);
            }

            if (frame.Next > expected)
            {
                lost += _progress.Resolve(expected, frame.Next - 1, GapReason.Quarantine, now, now);
            }

            _extents.Release(_progress, ulong.MaxValue);
            _extents.Correct(frame.Bytes);
            Interlocked.Exchange(ref _bytes, _extents.Bytes);
            Dirty = lost > 0;
            return lost;
        }
    }

    /// <summary>A batch became durable; what of it is this stream's lies in one commit.</summary>
    public void Commit(PendingPart part, Segment segment, long offset, CommitHeader header)
    {
        lock (_gate)
        {
            if (part.Count > 0)
            {
                var bytes = part.Bytes + (part.Count * header.Share);
                var last = _extents.Count > 0 ? _extents[_extents.Count - 1] : null;
                if (last is null || !ReferenceEquals(last.Segment, segment))
                {
                    last = new Extent(segment, Number, part.First, offset, header.Moment.Plus(part.FirstDelay).Wall);
                    segment.Add(last);
                    _extents.Add(last);
                }

                last.Last = part.Last;
                last.LastTime = header.Moment.Plus(part.LastDelay).Wall;
                _extents.Grow(last, bytes);
                Interlocked.Exchange(ref _bytes, _extents.Bytes);
            }

            _progress.Next = part.Next;
            foreach (var (topic, seq) in part.Retained)
            {
                _retained.Set(topic, seq);
            }

            foreach (var skipped in part.Skipped)
            {
                _progress.Resolve(skipped.From, skipped.To, skipped.Reason, skipped.FirstTime, skipped.LastTime);
                _host.Metrics.Dropped(Id, GapReason.Size.Name(), skipped.Count);
                Dirty = true;
            }

            _waiters.Complete(IsReady);
        }
    }

    /// <summary>The segment that holds its newest entries is no longer written to.</summary>
    public void Seal()
    {
        lock (_gate)
        {
            Dirty |= _extents.Release(_progress, ulong.MaxValue);
        }
    }

    /// <summary>What was captured did not become durable.</summary>
    public void CaptureAgain()
    {
        lock (_gate)
        {
            Dirty = true;
        }
    }

    /// <summary>What is to be written of it in the commit that holds this part and ends before <paramref name="next"/>; null: nothing has changed.</summary>
    public StreamFrame? Capture(PendingPart? part, ulong next, bool always)
    {
        lock (_gate)
        {
            if (!Dirty && !always && part is not { Skipped.Count: > 0 })
            {
                return null;
            }

            Dirty = false;
            List<ResolvedRange> ahead = [.. _progress.Ahead, .. part?.Skipped ?? []];
            return new StreamFrame(
                Number, Id, Epoch, PreviousEpoch, _progress.Oldest, next, _progress.Acknowledged, _progress.Dropped, _extents.Bytes, [.. _progress.Gaps], ahead);
        }
    }

    public List<KeyValuePair<string, ulong>> CaptureRetained()
    {
        lock (_gate)
        {
            return _retained.Waiting(_progress.Oldest);
        }
    }

    /// <summary>Moves the reader to the oldest entry from <paramref name="seq"/> on with which something is left to do; what cannot be read on the way becomes a gap.</summary>
    public bool TryMove(EntryReader reader, ulong seq, bool inFlightToo)
    {
        while (true)
        {
            Extent? extent;
            ulong wanted, last;
            lock (_gate)
            {
                wanted = _progress.NextUnresolved(inFlightToo ? seq : Math.Max(seq, _inFlight.After));
                if (wanted >= _progress.Next)
                {
                    return false;
                }

                extent = _extents.Locate(wanted);
                last = extent?.Last ?? _progress.Next - 1;
                extent?.Segment.Pin();
                if (extent is not null && !reader.Leads(extent.Segment, wanted))
                {
                    reader.Open(extent.Segment, _inFlight.ResumeAt(extent.Segment, wanted) ?? extent.Offset);
                }
            }

            bool found;
            try
            {
                found = extent is not null && reader.MoveTo(Number, wanted);
                if (!found || reader.Seq > wanted)
                {
                    Lose(wanted, found ? reader.Seq - 1 : last, extent?.Segment);
                }
            }
            finally
            {
                extent?.Segment.Unpin();
            }

            if (found)
            {
                return true;
            }

            seq = wanted;
        }
    }

    /// <summary>Drops from..to, unless its sender has it in flight by now.</summary>
    public bool TryDrop(ulong from, ulong to, GapReason reason, long firstTime, long lastTime, long cost)
    {
        lock (_gate)
        {
            if (from < _inFlight.After || !_progress.IsUntouched(from, to))
            {
                return false;
            }

            Resolve(from, to, reason, firstTime, cost, lastTime);
            return true;
        }
    }

    /// <summary>Drops what waits in the sealed extent that holds this number, if at least <paramref name="keep"/> bytes remain without it.</summary>
    public bool TryDropExtent(ulong seq, long keep, GapReason reason)
    {
        lock (_gate)
        {
            return _extents.Locate(seq) is { } extent && extent.Segment.Sealed && _extents.Bytes - extent.Remaining >= keep && TryDropExtent(extent, reason);
        }
    }

    /// <summary>Drops what waits in the extent, if <see cref="CanDrop"/>.</summary>
    public bool TryDropExtent(Extent extent, GapReason reason)
    {
        lock (_gate)
        {
            return CanDrop(extent) && Resolve(extent.First, extent.Last, reason, extent.FirstTime, extent.Remaining, extent.LastTime) > 0;
        }
    }

    /// <summary>Whether nothing waits in the extent, or the policy allows to drop what waits and its sender has none of it in flight.</summary>
    public bool CanDrop(Extent extent)
    {
        lock (_gate)
        {
            var waiting = _progress.NextUnresolved(extent.First);
            return waiting > extent.Last || (Limits?.WhenFull == WhenFull.DropOldest && waiting >= _inFlight.After);
        }
    }

    /// <summary>When the oldest entry that waits was appended, if the sender has it in flight.</summary>
    public Moment? OldestInFlight()
    {
        lock (_gate)
        {
            return _inFlight.AppendedAt(_progress.NextUnresolved(_progress.Oldest));
        }
    }

    /// <summary>Whether the entry is neither done nor in flight.</summary>
    public bool IsWaiting(ulong seq)
    {
        lock (_gate)
        {
            return seq >= _inFlight.After && !_progress.IsResolved(seq);
        }
    }

    private bool Take(ulong seq, string topic, long age, bool expired)
    {
        lock (_gate)
        {
            if (_progress.IsResolved(seq))
            {
                return false;
            }

            GapReason? drop = _inFlight.Contains(seq) ? null
                : expired ? GapReason.Expired
                : Limits is { } limits && age > limits.Age.TotalMilliseconds ? GapReason.Age
                : _reader.Retain && _progress.Gaps.Count < Progress.MostGaps && _retained.IsSuperseded(topic, seq) ? GapReason.Superseded
                : null;
            if (drop is null)
            {
                _inFlight.Add(seq, new Flight(_reader.Cost, _reader.AppendedAt, _reader.Segment!, _reader.CommitOffset));
                return true;
            }

            Resolve(seq, seq, drop, _reader.AppendedAt.Wall, _reader.Cost);
        }

        _host.Progressed();
        return false;
    }

    private void Lose(ulong from, ulong to, Segment? segment)
    {
        ulong lost;
        lock (_gate)
        {
            var now = Moment.Of(_host.Clock).Wall;
            lost = Resolve(from, to, GapReason.Quarantine, now, 0, now);
        }

        if (lost > 0 && segment is not null)
        {
            _host.Damaged(segment, Id, lost);
        }

        _host.Progressed();
    }

    private ulong Resolve(ulong from, ulong to, GapReason? reason, long time, long cost, long? lastTime = null)
    {
        _extents.Charge(to, cost);
        var count = _progress.Resolve(from, to, reason, time, lastTime ?? time);
        _extents.Release(_progress, to);
        Interlocked.Exchange(ref _bytes, _extents.Bytes);
        Dirty = true;
        if (reason is { } why && count > 0)
        {
            _host.Metrics.Dropped(Id, why.Name(), count);
        }

        _waiters.Complete(IsReady);
        return count;
    }

    private bool IsReady(ulong seq) => _progress.Oldest > seq || _progress.NextUnresolved(seq) < _progress.Next;
}
