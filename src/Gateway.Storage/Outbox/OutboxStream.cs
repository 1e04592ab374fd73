namespace Gateway.Storage;

/// <summary>A stream: where its entries are (<see cref="ExtentList"/>), how far it has come (<see cref="Progress"/>), and what its sender has in flight.</summary>
/// <remarks>
/// Three locks, taken in this order and never the other way: the sender's reading (disk), the appender's (numbers and memory, no disk), the stream's own (bookkeeping, no disk).
/// </remarks>
internal sealed class OutboxStream : IOutboxStream, IDisposable
{
    private readonly StreamHost _host;
    private readonly Lock _gate = new();
    private readonly StreamBooks _books;

    public OutboxStream(uint number, StreamId id, Eras eras, StreamHost host)
    {
        (Number, Id, Eras, _host) = (number, id, eras, host);
        _books = new StreamBooks(this, host);
        Reading = new StreamReading(this, _books, _gate, host);
        Pending = new PendingEntries(this);
        Trim = new StreamTrim(this, host);
        Thinning = new StreamThinning(this, host);
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

    /// <summary>Finds its entries on the disk, for its sender and for others.</summary>
    public StreamReading Reading { get; }

    /// <summary>Drops what is too old or too much. For the journal's thread.</summary>
    public StreamTrim Trim { get; }

    /// <summary>Thins it before that. For the journal's thread.</summary>
    public StreamThinning Thinning { get; }

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

    public bool TryRead(ulong seq, out OutboxEntry entry) => Reading.TryRead(seq, out entry);

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

    public void Rewind() => Reading.Rewind();

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
        Reading.Dispose();
        Trim.Dispose();
        Thinning.Dispose();
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

    /// <inheritdoc cref="StreamBooks.CaptureAgain"/>
    public void CaptureAgain()
    {
        lock (_gate)
        {
            _books.CaptureAgain();
        }
    }

    /// <inheritdoc cref="StreamBooks.Capture"/>
    public bool Capture(ByteBuffer buffer, PendingPart? part, ulong next, bool restate)
    {
        lock (_gate)
        {
            return _books.Capture(buffer, part, next, restate);
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
            return waiting > extent.Last || (Limits?.WhenFull is WhenFull.DropOldest or WhenFull.Downsample && waiting >= _books.InFlight.After);
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

    /// <summary>Keeps its sender from what the pass has taken, until that is durable or <see cref="Offer"/>ed again.</summary>
    /// <returns>false: something of it was taken or dropped meanwhile.</returns>
    public bool TryWithhold(ThinningPass pass)
    {
        lock (_gate)
        {
            if (!pass.IsUntouched(_books.Progress, _books.InFlight))
            {
                return false;
            }

            _books.Withheld = pass.Ranges[0].Range.From;
            return true;
        }
    }

    /// <inheritdoc cref="StreamBooks.Offer"/>
    public void Offer()
    {
        lock (_gate)
        {
            _books.Offer();
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
}
