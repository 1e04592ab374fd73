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
    private readonly StreamBooks _books;

    public OutboxStream(uint number, StreamId id, Eras eras, StreamHost host)
    {
        (Number, Id, Eras, _host) = (number, id, eras, host);
        _books = new StreamBooks(this, host);
        _reader = new EntryReader(host.Files, host.SumStart);
        Pending = new PendingEntries(this);
        Trim = new StreamTrim(this, host);
    }

    public uint Number { get; }

    public StreamId Id { get; }

    public ulong Epoch => Eras.Current.Epoch;

    /// <summary>Which epoch a position belongs to.</summary>
    public Eras Eras { get; }

    /// <summary>null: no bridge has opened it; it is kept as it is.</summary>
    public StreamLimits? Limits { get; set; }

    /// <summary>What was appended and is not durable yet. Guarded by the appender.</summary>
    public PendingEntries Pending { get; }

    /// <summary>Drops what is too old or too much. For the journal's thread.</summary>
    public StreamTrim Trim { get; }

    public long Bytes => _books.Bytes;

    /// <summary>Gaps of which upstream was not told yet.</summary>
    public int Untold => _books.Untold;

    public bool IsPaused => Ask(static b => b.IsPaused);

    public StreamLedger Ledger
    {
        get
        {
            lock (_gate)
            {
                return new StreamLedger(Epoch, _books.Progress.Oldest, _books.Progress.Next, _books.Progress.Acknowledged, _books.Progress.Dropped);
            }
        }
    }

    public IReadOnlyList<StreamLedger> Epochs
    {
        get
        {
            lock (_gate)
            {
                return Eras.Ledgers(_books.Progress.Oldest, _books.Progress.Next, _books.Progress.Dropped);
            }
        }
    }

    public IReadOnlyList<Gap> Gaps
    {
        get
        {
            lock (_gate)
            {
                return [.. _books.Progress.Gaps];
            }
        }
    }

    public EntryIdentity Identify(ulong seq) => Eras.Identify(seq);

    public ulong PositionOf(Gap gap) => Eras.PositionOf(gap);

    public ValueTask WaitAsync(ulong seq, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return cancellation.IsCancellationRequested ? ValueTask.FromCanceled(cancellation)
                : _books.IsReady(seq) ? ValueTask.CompletedTask
                : new ValueTask(_books.Waiters.Add(seq, cancellation));
        }
    }

    public bool TryRead(ulong seq, out OutboxEntry entry)
    {
        lock (_reading)
        {
            while (TryMove(_reader, seq, inFlightToo: true))
            {
                seq = _reader.Seq;
                if (_reader.Decode(Number, _host.Time.GetTimestamp()) is not { } found)
                {
                    Lose(seq, seq, _reader.Segment);
                    continue;
                }

                var age = _reader.AppendedAt.AgeAt(Moment.Of(_host.Clock));
                var expiry = found.Message.Properties.MessageExpiryInterval;
                var remaining = expiry - (age / 1000);
                if (Take(seq, found.Topic, age, expired: remaining <= 0))
                {
                    var message = found.Message;
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
            if (!_books.InFlight.TryRemove(seq, out var flight))
            {
                return;
            }

            _books.Resolve(seq, seq, null, flight.AppendedAt.Wall, flight.AppendedAt.Wall, flight.Cost);
        }

        _host.Progressed();
    }

    public void Abandon(ulong seq, GapReason reason)
    {
        lock (_gate)
        {
            _books.InFlight.TryRemove(seq, out var flight);
            if (seq >= _books.Progress.Next || _books.Progress.IsResolved(seq))
            {
                return;
            }

            _books.Resolve(seq, seq, reason, flight.AppendedAt.Wall, flight.AppendedAt.Wall, flight.Cost);
        }

        _host.Progressed();
    }

    public void Rewind()
    {
        lock (_reading)
        {
            lock (_gate)
            {
                _books.Rewind();
            }
        }
    }

    public void Forget(Gap gap)
    {
        lock (_gate)
        {
            if (!_books.Forget(gap))
            {
                return;
            }
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
            return _books.Restore(frame, extents, retained, now);
        }
    }

    /// <summary>After a start on another machine, or out of a backup: whoever had this stream before may go on giving numbers of its epoch.</summary>
    public void Renew(ulong epoch)
    {
        lock (_gate)
        {
            Eras.Renew(epoch, _books.Progress.Oldest, _books.Progress.Next, _books.Progress.Dropped);
            _books.IsChanged = true;
        }
    }

    /// <summary>A batch became durable; what of it is this stream's lies in one commit.</summary>
    public void Commit(PendingPart part, Segment segment, long offset, CommitHeader header)
    {
        lock (_gate)
        {
            _books.Commit(part, segment, offset, header);
        }
    }

    /// <summary>The segment that holds its newest entries is no longer written to.</summary>
    public void Seal()
    {
        lock (_gate)
        {
            _books.Seal();
        }
    }

    /// <summary>What was captured did not become durable.</summary>
    public void CaptureAgain()
    {
        lock (_gate)
        {
            _books.IsChanged = true;
        }
    }

    /// <summary>What is to be written of it in the commit that holds this part and ends before <paramref name="next"/>; null: nothing has changed.</summary>
    public StreamFrame? Capture(PendingPart? part, ulong next, bool always)
    {
        lock (_gate)
        {
            return _books.Capture(part, next, always);
        }
    }

    /// <summary>What the journal's mark says of it once all entries below <paramref name="next"/> are durable.</summary>
    public StreamFrame Outline(ulong next)
    {
        lock (_gate)
        {
            return _books.Outline(next);
        }
    }

    /// <summary>The newest entries of retained topics that wait.</summary>
    public List<KeyValuePair<string, ulong>> CaptureRetained()
    {
        lock (_gate)
        {
            return _books.Retained.Waiting(_books.Progress.Oldest);
        }
    }

    /// <summary>Moves the reader to the oldest entry from <paramref name="seq"/> on with which something is left to do; what cannot be read on the way becomes a gap.</summary>
    public bool TryMove(EntryReader reader, ulong seq, bool inFlightToo)
    {
        while (TryStep(reader, ref seq, inFlightToo, lose: true, out var unreadable))
        {
            if (unreadable is not { } last)
            {
                return true;
            }

            seq = last + 1;
        }

        return false;
    }

    /// <summary>As <see cref="TryMove"/>, up to the first that cannot be read.</summary>
    /// <param name="reader">Stands on the entry afterwards, if it can be read.</param>
    /// <param name="seq">From where on; then the number found.</param>
    /// <param name="inFlightToo">Also what the sender has.</param>
    /// <param name="lose">What cannot be read becomes a gap; otherwise nothing is changed.</param>
    /// <param name="unreadable">null: it can be read; else the last number of those that cannot.</param>
    /// <returns>false: there is none, or the disk cannot be read for the time being.</returns>
    public bool TryStep(EntryReader reader, ref ulong seq, bool inFlightToo, bool lose, out ulong? unreadable)
    {
        while (true)
        {
            unreadable = null;
            if (Locate(reader, ref seq, inFlightToo) is not { } place)
            {
                return false;
            }

            var (extent, last) = place;
            try
            {
                var found = extent is not null && reader.MoveTo(Number, seq);
                unreadable = !found ? last : reader.Seq > seq ? reader.Seq - 1 : null;
                if (found)
                {
                    _host.Faults.Readable(extent!.Segment);
                }

                if (lose && unreadable is { } to)
                {
                    Lose(seq, to, extent?.Segment);
                }

                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!lose)
                {
                    reader.Close();
                    unreadable = last;
                    return true;
                }

                if (!GiveUp(reader, extent!.Segment, e))
                {
                    return false;
                }
            }
            finally
            {
                extent?.Segment.Unpin();
            }
        }
    }

    /// <summary>Finds where the entry lies, and opens the reader there.</summary>
    /// <returns>Its extent, pinned (null: it is nowhere on disk), and the last number there; null: there is none.</returns>
    private (Extent? Extent, ulong Last)? Locate(EntryReader reader, ref ulong seq, bool inFlightToo)
    {
        lock (_gate)
        {
            seq = _books.Progress.NextUnresolved(inFlightToo ? seq : Math.Max(seq, _books.InFlight.After));
            if (seq >= _books.Progress.Next)
            {
                return null;
            }

            var extent = _books.Extents.Locate(seq);
            extent?.Segment.Pin();
            if (extent is not null && !reader.Leads(extent, seq))
            {
                reader.Open(extent, _books.InFlight.ResumeAt(extent, seq) ?? extent.Offset);
            }

            return (extent, extent?.Last ?? _books.Progress.Next - 1);
        }
    }

    /// <summary>Drops from..to, unless its sender has it in flight by now.</summary>
    public bool TryDrop(ulong seq, GapReason reason, long time, long cost)
    {
        lock (_gate)
        {
            return seq >= _books.InFlight.After && _books.Resolve(seq, seq, reason, time, time, cost) > 0;
        }
    }

    /// <summary>Drops what waits in the sealed extent that holds this number, if at least <paramref name="keep"/> bytes remain without it.</summary>
    public bool TryDropExtent(ulong seq, long keep, GapReason reason)
    {
        lock (_gate)
        {
            return _books.Extents.Locate(seq) is { } extent && extent.Segment.Sealed && Bytes - extent.Remaining >= keep && TryDropExtent(extent, reason);
        }
    }

    /// <summary>Drops what waits in the extent, if <see cref="CanDrop"/>.</summary>
    public bool TryDropExtent(Extent extent, GapReason reason)
    {
        lock (_gate)
        {
            return CanDrop(extent) && _books.Resolve(extent.First, extent.Last, reason, extent.FirstTime, extent.LastTime, extent.Remaining) > 0;
        }
    }

    /// <summary>Whether nothing waits in the extent, or the policy allows to drop what waits and its sender has none of it in flight.</summary>
    public bool CanDrop(Extent extent)
    {
        lock (_gate)
        {
            var waiting = _books.Progress.NextUnresolved(extent.First);
            return waiting > extent.Last || (Limits?.WhenFull == WhenFull.DropOldest && waiting >= _books.InFlight.After);
        }
    }

    /// <summary>When the oldest entry that waits was appended, if the sender has it in flight.</summary>
    public Moment? OldestInFlight()
    {
        lock (_gate)
        {
            return _books.InFlight.AppendedAt(_books.Progress.NextUnresolved(_books.Progress.Oldest));
        }
    }

    /// <summary>What its books say, or do, all of one moment.</summary>
    public T Ask<T>(Func<StreamBooks, T> question)
    {
        lock (_gate)
        {
            return question(_books);
        }
    }

    /// <summary>Whether the entry is neither done nor in flight.</summary>
    public bool IsWaiting(ulong seq)
    {
        lock (_gate)
        {
            return seq >= _books.InFlight.After && !_books.Progress.IsResolved(seq);
        }
    }

    /// <summary>Bytes on disk of what waits in the extent; 0: nothing of it is needed.</summary>
    public long Waiting(Extent extent)
    {
        lock (_gate)
        {
            return _books.Extents.Holds(extent) ? extent.Remaining : 0;
        }
    }

    /// <summary>The first position from this one on about which something is left to do.</summary>
    public ulong NextWaiting(ulong seq)
    {
        lock (_gate)
        {
            return _books.Progress.NextUnresolved(seq);
        }
    }

    /// <summary>What waits in an extent has been copied, durably: from now on it is read there.</summary>
    public void Move(Extent from, Extent to)
    {
        lock (_gate)
        {
            _books.Move(from, to);
        }
    }

    /// <summary>What could not be read is tried again.</summary>
    public void LookAgain()
    {
        lock (_gate)
        {
            _books.Resume();
        }
    }

    /// <summary>The device could not read on.</summary>
    /// <returns>Whether the place is given up; else the stream pauses.</returns>
    private bool GiveUp(EntryReader reader, Segment segment, Exception reason)
    {
        if (_host.Faults.IsDamage(segment, out var isNew))
        {
            reader.Skip();
            return true;
        }

        reader.Close();
        if (isNew)
        {
            _host.Unreadable(segment, reason);
        }

        lock (_gate)
        {
            // The commit of it is what the disk has to prove itself with.
            (_books.IsPaused, _books.IsChanged) = (true, true);
        }

        _host.Progressed();
        return false;
    }

    /// <summary>What cannot be read becomes a gap.</summary>
    public void Lose(ulong from, ulong to, Segment? segment)
    {
        ulong lost;
        lock (_gate)
        {
            var now = Moment.Of(_host.Clock).Wall;
            lost = _books.Resolve(from, to, GapReason.Quarantine, now, now, cost: 0);
        }

        if (lost > 0 && segment is not null)
        {
            _host.Damaged(segment, Id, lost);
        }

        _host.Progressed();
    }

    private bool Take(ulong seq, string topic, long age, bool expired)
    {
        lock (_gate)
        {
            if (_books.Progress.IsResolved(seq))
            {
                return false;
            }

            // Who reads again what it has (upstream did not want it yet) starts it anew: an end of its life that came meanwhile holds (§3.3.2.3.3). Nothing else is taken from it.
            var cost = _books.InFlight.TryRemove(seq, out var flight) ? flight.Cost : _reader.Cost;
            GapReason? drop = _books.IsGivenUp(seq) ? GapReason.Operator
                : expired ? GapReason.Expired
                : flight != default ? null
                : Limits is { } limits && age > limits.Age.TotalMilliseconds ? GapReason.Age
                : _reader.Retain && _books.Untold < Progress.MostGaps && _books.Retained.IsSuperseded(topic, seq) ? GapReason.Superseded
                : null;
            if (drop is null)
            {
                _books.InFlight.Add(seq, new Flight(_reader.Cost, _reader.AppendedAt, _reader.Extent!, _reader.CommitOffset));
                return true;
            }

            _books.Resolve(seq, seq, drop, _reader.AppendedAt.Wall, _reader.AppendedAt.Wall, cost);
        }

        _host.Progressed();
        return false;
    }
}
