namespace Gateway.Storage;

/// <summary>How far a stream has come: which entries wait, which are done, which will never arrive. Pure bookkeeping, guarded by the stream.</summary>
internal sealed class Progress(Eras eras)
{
    /// <summary>With so many gaps untold, retained topics are no longer conflated: each could make one more.</summary>
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

    /// <summary>Gaps that upstream was not told yet, oldest first.</summary>
    public IReadOnlyList<Gap> Gaps => _gaps;

    /// <summary>Gaps above the cursor, which will be told once it has come there.</summary>
    public IEnumerable<Gap> GapsAhead => _resolved.Where(static r => r.Reason is not null).SelectMany(ByEpoch).Select(ToGap);

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
        _gaps.AddRange(frame.Gaps);
        _resolved.Clear();
        _resolved.AddRange(frame.Ahead);
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

            Insert(at < 0 ? _resolved.Count : at, new ResolvedRange(seq, end, reason, firstTime, lastTime));
            count += end - seq + 1;
        }

        Advance();
        return count;
    }

    /// <summary>Upstream has been told of exactly this range.</summary>
    public bool Forget(Gap gap) => _gaps.RemoveAll(g => g.Epoch == gap.Epoch && g.From == gap.From && g.To == gap.To) > 0;

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
        foreach (var part in ByEpoch(range))
        {
            if (part.Reason is { } reason)
            {
                Dropped += part.Count;
                _droppedBy[reason] = _droppedBy.GetValueOrDefault(reason) + part.Count;
                AddGap(ToGap(part));
            }
            else
            {
                Acknowledged += part.Count;
            }

            Oldest = part.To + 1;
            eras.Reach(Oldest, Dropped);
        }
    }

    /// <summary>No gap lies in two epochs.</summary>
    private IEnumerable<ResolvedRange> ByEpoch(ResolvedRange range)
    {
        for (var from = range.From; from <= range.To;)
        {
            var part = range with { From = from, To = eras.EndOf(from, range.To) };
            from = part.To + 1;
            yield return part;
        }
    }

    private void AddGap(Gap gap)
    {
        if (_gaps.Count > 0 && _gaps[^1] is var last && last.Epoch == gap.Epoch && last.Reason == gap.Reason && last.To + 1 == gap.From)
        {
            _gaps[^1] = last with { To = gap.To, Last = gap.Last };
            return;
        }

        _gaps.Add(gap);
    }

    private Gap ToGap(ResolvedRange range)
    {
        var first = eras.Identify(range.From);
        return new(first.Epoch, first.Number, first.Number + range.Count - 1, range.Reason!.Value, WallClock.Of(range.FirstTime), WallClock.Of(range.LastTime));
    }
}
