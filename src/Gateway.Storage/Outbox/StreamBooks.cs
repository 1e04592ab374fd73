namespace Gateway.Storage;

/// <summary>The books of one stream: where its entries are, how far it has come, what its sender has. No lock of its own: the stream guards it.</summary>
internal sealed class StreamBooks(OutboxStream stream, StreamHost host)
{
    private long _bytes;
    private int _untold;
    private ulong _givenUp;
    private ulong _serial;

    /// <summary>What was last told of it as a whole; null: nothing on which a change could build.</summary>
    private StreamFrame? _told;

    public Progress Progress { get; } = new(stream.Eras);

    public ExtentList Extents { get; } = new();

    public RetainedIndex Retained { get; } = new(host.Retained);

    public StreamWaiters Waiters { get; } = new();

    public InFlight InFlight { get; } = new();

    /// <summary>Whether something is to be written that is no entry.</summary>
    public bool IsChanged { get; set; } = true;

    /// <summary>Bytes on disk of what waits; readable without the lock.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Gaps of which upstream was not told yet; readable without the lock.</summary>
    public int Untold => Volatile.Read(ref _untold);

    /// <summary>Its next entry cannot be read for the time being.</summary>
    public bool IsPaused { get; set; }

    public bool IsReady(ulong seq) => !IsPaused && IsOver(seq);

    /// <summary>Who waits reads again.</summary>
    public void Resume()
    {
        if (IsPaused)
        {
            IsPaused = false;
            TellWaiters();
        }
    }

    /// <summary>From this number on the sender gets nothing for the moment: what stands for some of these entries is on its way to the disk.</summary>
    public ulong Withheld { get; set; } = ulong.MaxValue;

    /// <summary>It gets them after all, or what stands for them.</summary>
    public void Offer()
    {
        Withheld = ulong.MaxValue;
        TellWaiters();
    }

    private bool IsOver(ulong seq) => Progress.Oldest > seq || Progress.NextUnresolved(seq) < Math.Min(Progress.Next, Withheld);

    /// <returns>How many entries are nowhere on disk: they are gaps now.</returns>
    public ulong Restore(StreamFrame frame, IEnumerable<Extent> extents, IEnumerable<KeyValuePair<string, ulong>> retained, long now)
    {
        Progress.Restore(frame);
        _serial = frame.Serial;
        foreach (var (topic, seq) in retained)
        {
            Retained.Set(topic, seq);
        }

        var lost = 0UL;
        var expected = frame.Oldest;
        foreach (var extent in extents)
        {
            if (extent.First > expected)
            {
                lost += Progress.Resolve(expected, extent.First - 1, GapReason.Quarantine, now, now);
            }

            expected = Math.Max(expected, extent.Last + 1);
            Extents.Add(extent);
        }

        if (frame.Next > expected)
        {
            lost += Progress.Resolve(expected, frame.Next - 1, GapReason.Quarantine, now, now);
        }

        Extents.Release(Progress, ulong.MaxValue);
        Extents.Correct(frame.Bytes, Progress);
        Count();
        IsChanged = lost > 0;
        host.Metrics.Dropped(stream.Id, GapReason.Quarantine, lost);
        return lost;
    }

    public void Commit(PendingPart part, Segment segment, long offset, CommitHeader header)
    {
        if (part.Count > 0)
        {
            Grow(part, segment, offset, header);
        }

        Progress.Next = part.Next;
        foreach (var (topic, seq) in part.Retained)
        {
            Retained.Set(topic, seq);
        }

        Withheld = ulong.MaxValue;
        foreach (var (range, cost) in part.Thinned.SelectMany(r => r.Open(Progress)).ToList())
        {
            Resolve(range.From, range.To, range.Reason, range.FirstTime, range.LastTime, cost);
        }

        foreach (var skipped in part.Skipped)
        {
            Progress.Resolve(skipped.From, skipped.To, skipped.Reason, skipped.FirstTime, skipped.LastTime);
            host.Metrics.Dropped(stream.Id, skipped.Reason!.Value, skipped.Count);
            IsChanged = true;
        }

        Count();
        TellWaiters();
    }

    public void Move(Extent from, Extent to)
    {
        Extents.Replace(from, to);
        Count();
    }

    public void Seal()
    {
        IsChanged |= Extents.Release(Progress, ulong.MaxValue);
        Count();
    }

    /// <summary>What was captured did not become durable: the next time it is all told.</summary>
    public void CaptureAgain() => (IsChanged, _told) = (true, null);

    /// <summary>Writes what is to be told of it in the commit that holds this part and ends before <paramref name="next"/>.</summary>
    /// <param name="buffer">Of the commit.</param>
    /// <param name="part">Of the commit, if it has one.</param>
    /// <param name="next">The number after the last in the commit.</param>
    /// <param name="restate">Everything, changed or not.</param>
    /// <returns>Whether there was something.</returns>
    public bool Capture(ByteBuffer buffer, PendingPart? part, ulong next, bool restate)
    {
        if (!IsChanged && !restate && part is not { Skipped.Count: > 0 } and not { Thinned.Count: > 0 })
        {
            return false;
        }

        IsChanged = false;
        var skipped = part?.Skipped ?? [];
        var now = Outline(next) with { Gaps = [.. Progress.Gaps, .. skipped.SelectMany(stream.Eras.ToGaps)], Ahead = [.. Progress.Ahead, .. skipped] };
        if (part is { Thinned.Count: > 0 })
        {
            now = Without(now, [.. part.Thinned.SelectMany(r => r.Open(Progress))]);
        }

        if (!restate && _told is { } told && StreamChange.Between(told, now) is { } change)
        {
            change.Write(buffer);
        }
        else
        {
            _told = now with { Serial = ++_serial };
            _told.Write(buffer);
        }

        return true;
    }

    /// <summary>The stream without entries for which others stand.</summary>
    private StreamFrame Without(StreamFrame frame, List<ThinnedRange> thinned) => frame with
    {
        Bytes = Math.Max(0, frame.Bytes - thinned.Sum(static t => t.Cost)),
        Gaps = [.. frame.Gaps.Concat(thinned.SelectMany(t => stream.Eras.ToGaps(t.Range))).OrderBy(stream.Eras.PositionOf)],
        Ahead = [.. frame.Ahead.Concat(thinned.Select(static t => t.Range)).OrderBy(static r => r.From)],
    };

    /// <summary>Upstream has been told of this range.</summary>
    public bool Forget(Gap gap)
    {
        if (!Progress.Forget(gap))
        {
            return false;
        }

        Count();
        IsChanged = true;
        return true;
    }

    /// <summary>Its definition, cursor and counters, with neither gaps nor what is done above the cursor.</summary>
    public StreamFrame Outline(ulong next) =>
        new(stream.Number, stream.Id, [.. stream.Eras.All], Progress.Oldest, next, Progress.Acknowledged, Progress.Dropped, Extents.Bytes, [], [])
        {
            DroppedBy = new Dictionary<GapReason, ulong>(Progress.DroppedBy),
        };

    /// <summary>Nothing is left to do about from..to, as far as it waited; without a reason, upstream acknowledged it.</summary>
    /// <returns>How many waited.</returns>
    public ulong Resolve(ulong from, ulong to, GapReason? reason, long firstTime, long lastTime, long cost)
    {
        var count = Progress.Resolve(from, to, reason, firstTime, lastTime);
        if (count == 0)
        {
            return 0;
        }

        Extents.Charge(to, cost);
        Extents.Release(Progress, to);
        Count();
        IsChanged = true;
        if (reason is { } why)
        {
            host.Metrics.Dropped(stream.Id, why, count);
        }

        TellWaiters();
        return count;
    }

    /// <summary>Nothing is in flight any more.</summary>
    public void Rewind()
    {
        InFlight.Rewind(Progress.NextUnresolved(Progress.Oldest));
        if (_givenUp >= Progress.Oldest)
        {
            GiveUp(_givenUp);
        }
    }

    public StreamOverview Overview() => new(
        stream.Id,
        stream.Limits is not null,
        new StreamLedger(stream.Epoch, Progress.Oldest, Progress.Next, Progress.Acknowledged, Progress.Dropped),
        stream.Eras.Ledgers(Progress.Oldest, Progress.Next, Progress.Dropped),
        Progress.Waiting,
        Extents.Bytes,
        new Dictionary<GapReason, ulong>(Progress.DroppedBy),
        [.. Progress.Gaps]);

    /// <summary>Whether a person gave this one up while it was in flight: it goes as soon as its sender would send it again.</summary>
    public bool IsGivenUp(ulong seq) => seq <= _givenUp;

    /// <summary>As below.</summary>
    /// <param name="through">The last number.</param>
    /// <param name="inFlightToo">There is no connection: what was in flight goes as well.</param>
    public OperatorDrop GiveUp(ulong through, bool inFlightToo)
    {
        if (inFlightToo)
        {
            Rewind();
        }

        return new OperatorDrop(GiveUp(through), InFlight.CountTo(through));
    }

    /// <summary>A person gives up what waits up to this number. What is in flight stays until upstream answers or the connection ends.</summary>
    /// <returns>How many are gone.</returns>
    public ulong GiveUp(ulong through)
    {
        _givenUp = Math.Max(_givenUp, through);
        through = Math.Min(through, Progress.Next - 1);
        var gone = 0UL;
        for (var from = Progress.NextUnresolved(InFlight.After); from <= through; from = Progress.NextUnresolved(from))
        {
            var (to, cost) = (through, 0L);
            var (first, last) = (Moment.Of(host.Clock).Wall, Moment.Of(host.Clock).Wall);
            if (Extents.Locate(from) is { } extent)
            {
                // Of a part, the bytes are estimated by its numbers: the rest goes with the extent.
                var open = extent.Last - Progress.NextUnresolved(extent.First) + 1;
                to = Math.Min(through, extent.Last);
                cost = (long)(extent.Remaining * ((to - from + 1) / (double)open));
                (first, last) = (extent.FirstTime, extent.LastTime);
            }

            gone += Resolve(from, to, GapReason.Operator, first, last, cost);
        }

        return gone;
    }

    private void Grow(PendingPart part, Segment segment, long offset, CommitHeader header)
    {
        var last = Extents.Count > 0 ? Extents[Extents.Count - 1] : null;
        if (last is null || last.Group is not null || !ReferenceEquals(last.Segment, segment))
        {
            last = new Extent(segment, stream.Number, part.First, offset, header.Moment.Plus(part.FirstDelay).Wall);
            segment.Add(last);
            Extents.Add(last);
        }

        last.Last = part.Last;
        last.LastTime = header.Moment.Plus(part.LastDelay).Wall;
        Extents.Grow(last, part.Bytes + (part.Count * header.Share));
        Count();
    }

    private void TellWaiters()
    {
        if (!Waiters.IsEmpty)
        {
            Waiters.Complete(IsReady);
        }
    }

    private void Count()
    {
        Interlocked.Exchange(ref _bytes, Extents.Bytes);
        Volatile.Write(ref _untold, Progress.Gaps.Count);
    }
}
