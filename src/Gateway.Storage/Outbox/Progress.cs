namespace Gateway.Storage;

/// <summary>How far a stream has come: which entries wait, which are done, which will never arrive. Pure bookkeeping, guarded by the stream.</summary>
internal sealed class Progress(Eras eras)
{
    /// <summary>With so many gaps untold, nothing makes one more that can do without: all of them are restated in each segment.</summary>
    public const int MostGaps = 1024;

    private readonly List<ResolvedRange> _resolved = [];
    private readonly List<Gap> _gaps = [];
    private readonly SortedDictionary<GapReason, ulong> _droppedBy = [];

    /// <summary>The cursor: everything below is done.</summary>
    public ulong Oldest { get; private set; } = 1;

    /// <summary>The number after the last durable one.</summary>
    public ulong Next { get; set; } = 1;

    public ulong Acknowledged { get; private set; }

    public ulong Dropped { get; private set; }

    /// <summary>The same, by reason. Those of a journal from before reasons were counted are in none.</summary>
    public IReadOnlyDictionary<GapReason, ulong> DroppedBy => _droppedBy;

    /// <summary>Entries about which something is left to do.</summary>
    public ulong Waiting => _resolved.Aggregate(Next - Oldest, static (left, range) => left - range.Count);

    /// <summary>Gaps that upstream was not told yet, oldest first; also those above the cursor.</summary>
    public IReadOnlyList<Gap> Gaps => _gaps;

    /// <summary>What is done above the cursor.</summary>
    public IReadOnlyList<ResolvedRange> Ahead => _resolved;

    public void Restore(StreamFrame frame)
    {
        Oldest = frame.Oldest;
        Next = frame.Next;
        Acknowledged = frame.Acknowledged;
        Dropped = frame.Dropped;
        _droppedBy.Clear();
        foreach (var (reason, count) in frame.DroppedBy)
        {
            _droppedBy[reason] = count;
        }

        _gaps.Clear();
        foreach (var gap in frame.Gaps)
        {
            AddGap(gap);
        }

        _resolved.Clear();
        _resolved.AddRange(frame.Ahead);
        Advance();
    }

    /// <summary>The lowest number from <paramref name="seq"/> on about which something is left to do; may be <see cref="Next"/> or above.</summary>
    public ulong NextUnresolved(ulong seq)
    {
        seq = Math.Max(seq, Oldest);
        foreach (var range in _resolved)
        {
            if (range.From > seq)
            {
                break;
            }

            seq = Math.Max(seq, range.To + 1);
        }

        return seq;
    }

    public bool IsResolved(ulong seq) => NextUnresolved(seq) != seq;

    /// <summary>Whether nothing from..to is left to do.</summary>
    public bool IsResolved(ulong from, ulong to) => NextUnresolved(from) > to;

    /// <summary>Whether all of from..to is left to do.</summary>
    public bool IsUntouched(ulong from, ulong to)
    {
        if (from < Oldest)
        {
            return false;
        }

        foreach (var range in _resolved)
        {
            if (range.To >= from && range.From <= to)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What of from..to is left to do, in ranges.</summary>
    public IEnumerable<(ulong From, ulong To)> Open(ulong from, ulong to)
    {
        from = Math.Max(from, Oldest);
        foreach (var range in _resolved)
        {
            if (range.From > to)
            {
                break;
            }

            if (range.From > from)
            {
                yield return (from, range.From - 1);
            }

            from = Math.Max(from, range.To + 1);
        }

        if (from <= to)
        {
            yield return (from, to);
        }
    }

    /// <summary>How many of from..to are left to do.</summary>
    public ulong CountOpen(ulong from, ulong to) => Open(from, to).Aggregate(0UL, static (sum, range) => sum + range.To - range.From + 1);

    /// <summary>Marks what is still open in from..to, and moves the cursor over what is contiguous.</summary>
    /// <returns>How many were open.</returns>
    public ulong Resolve(ulong from, ulong to, GapReason? reason, long firstTime, long lastTime)
    {
        var count = 0UL;
        for (var seq = NextUnresolved(from); seq <= to; seq = NextUnresolved(seq))
        {
            var end = to;
            var at = _resolved.FindIndex(r => r.From > seq);
            if (at >= 0)
            {
                end = Math.Min(end, _resolved[at].From - 1);
            }

            var range = new ResolvedRange(seq, end, reason, firstTime, lastTime);
            Insert(at < 0 ? _resolved.Count : at, range);
            if (reason is not null)
            {
                foreach (var gap in eras.ToGaps(range))
                {
                    AddGap(gap);
                }
            }

            count += range.Count;
        }

        Advance();
        return count;
    }

    /// <summary>Upstream has been told of this range; what has grown together with it meanwhile is still to be told.</summary>
    public bool Forget(Gap told)
    {
        var found = false;
        for (var i = _gaps.Count - 1; i >= 0; i--)
        {
            var gap = _gaps[i];
            if (gap.Epoch != told.Epoch || gap.To < told.From || gap.From > told.To)
            {
                continue;
            }

            found = true;
            _gaps.RemoveAt(i);
            if (gap.To > told.To)
            {
                _gaps.Insert(i, gap with { From = told.To + 1 });
            }

            if (gap.From < told.From)
            {
                _gaps.Insert(i, gap with { To = told.From - 1 });
            }
        }

        return found;
    }

    private void Insert(int at, ResolvedRange range)
    {
        if (at > 0 && _resolved[at - 1] is var before && before.To + 1 == range.From && before.Reason == range.Reason)
        {
            _resolved[at - 1] = before with { To = range.To, LastTime = range.LastTime };
            return;
        }

        _resolved.Insert(at, range);
    }

    private void Advance()
    {
        var passed = 0;
        while (passed < _resolved.Count && _resolved[passed].From == Oldest && _resolved[passed].To < Next)
        {
            Pass(_resolved[passed++]);
        }

        _resolved.RemoveRange(0, passed);
    }

    /// <summary>The cursor moves over a range that is done.</summary>
    private void Pass(ResolvedRange range)
    {
        foreach (var part in eras.Split(range))
        {
            if (part.Reason is { } reason)
            {
                Dropped += part.Count;
                _droppedBy[reason] = _droppedBy.GetValueOrDefault(reason) + part.Count;
            }
            else
            {
                Acknowledged += part.Count;
            }

            Oldest = part.To + 1;
            eras.Reach(Oldest, Dropped);
        }
    }

    /// <summary>Keeps them in order, and neighbours of one reason as one; of any reason when there are too many.</summary>
    private void AddGap(Gap gap)
    {
        var position = eras.PositionOf(gap);
        var at = _gaps.FindIndex(g => eras.PositionOf(g) > position);
        at = at < 0 ? _gaps.Count : at;
        if (at < _gaps.Count && AreOne(gap, _gaps[at]))
        {
            gap = gap with { To = _gaps[at].To, Last = _gaps[at].Last };
            _gaps.RemoveAt(at);
        }

        if (at > 0 && AreOne(_gaps[at - 1], gap))
        {
            _gaps[at - 1] = _gaps[at - 1] with { To = gap.To, Last = gap.Last };
            return;
        }

        _gaps.Insert(at, gap);
    }

    private bool AreOne(Gap before, Gap after) =>
        before.Epoch == after.Epoch && before.To + 1 == after.From && (before.Reason == after.Reason || _gaps.Count >= MostGaps);
}
