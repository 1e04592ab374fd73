namespace Gateway.Storage;

/// <summary>One epoch of a stream. Positions are contiguous for the stream's whole life; the number of an entry in its epoch is its position less <paramref name="Base"/>.</summary>
/// <param name="Epoch">The random number.</param>
/// <param name="Previous">The epoch before it, if there was one.</param>
/// <param name="Base">The last position of the epoch before it.</param>
/// <param name="DroppedBefore">Entries dropped before the cursor came here; what else lies below was acknowledged.</param>
internal sealed record Era(ulong Epoch, ulong? Previous, ulong Base, ulong DroppedBefore);

/// <summary>The epochs of a stream of which something is still to be told, oldest first. New ones come only while the journal is opened; otherwise guarded by the stream.</summary>
internal sealed class Eras
{
    /// <summary>Epochs that are done and stay in the ledger, so that a backend that comes late can close their books, too. Each takes 26 bytes wherever the stream is written.</summary>
    private const int KeptWhenDone = 4;

    private readonly List<Era> _eras;

    public Eras(IEnumerable<Era> eras) => _eras = [.. eras];

    /// <summary>The one that new entries get.</summary>
    public Era Current => _eras[^1];

    public IReadOnlyList<Era> All => _eras;

    public static Eras First(ulong epoch) => new([new Era(epoch, null, 0, 0)]);

    /// <summary>Who the entry at this position is, to a backend.</summary>
    public EntryIdentity Identify(ulong position)
    {
        var era = _eras[IndexOf(position)];
        var number = position - era.Base;
        return new EntryIdentity(era.Epoch, number, number == 1 ? era.Previous : null);
    }

    /// <summary>The last position up to this one that has the same epoch as <paramref name="from"/>.</summary>
    public ulong EndOf(ulong from, ulong upTo)
    {
        var next = IndexOf(from) + 1;
        return next < _eras.Count ? Math.Min(_eras[next].Base, upTo) : upTo;
    }

    /// <summary>Where the gap begins; 0: before everything that waits, in an epoch that is in no ledger any more.</summary>
    public ulong PositionOf(Gap gap) => _eras.FindLast(e => e.Epoch == gap.Epoch) is { } era ? era.Base + gap.From : 0;

    /// <summary>Its parts, each in one epoch.</summary>
    public IEnumerable<ResolvedRange> Split(ResolvedRange range)
    {
        for (var from = range.From; from <= range.To;)
        {
            var part = range with { From = from, To = EndOf(from, range.To) };
            from = part.To + 1;
            yield return part;
        }
    }

    /// <summary>What upstream is to be told of a range that was dropped.</summary>
    public IEnumerable<Gap> ToGaps(ResolvedRange range) => Split(range).Select(part =>
    {
        var first = Identify(part.From);
        return new Gap(first.Epoch, first.Number, first.Number + part.Count - 1, part.Reason!.Value, WallClock.Of(part.FirstTime), WallClock.Of(part.LastTime));
    });

    /// <summary>The cursor has come to this position.</summary>
    public void Reach(ulong oldest, ulong dropped)
    {
        // Those without entries are never between two others: the next one took their place.
        var index = IndexOf(oldest);
        if (_eras[index].Base + 1 == oldest)
        {
            _eras[index] = _eras[index] with { DroppedBefore = dropped };
        }
    }

    /// <summary>What is appended from now on gets numbers of a new epoch. What waits keeps its own.</summary>
    /// <remarks>An epoch in which we never gave a number is replaced: starts that end before anything is appended add nothing.</remarks>
    public void Renew(ulong epoch, ulong oldest, ulong next, ulong dropped)
    {
        var last = Current;
        if (last.Base == next - 1)
        {
            _eras[^1] = last with { Epoch = epoch, Previous = last.Previous ?? last.Epoch };
            return;
        }

        _eras.Add(new Era(epoch, last.Epoch, next - 1, oldest == next ? dropped : 0));
        while (_eras.Count > KeptWhenDone + 1 && _eras[KeptWhenDone + 1].Base < oldest)
        {
            _eras.RemoveAt(0);
        }
    }

    /// <summary>The figures of each epoch in its own numbers, the current one first.</summary>
    public List<StreamLedger> Ledgers(ulong oldest, ulong next, ulong dropped)
    {
        var ledgers = new List<StreamLedger>(_eras.Count);
        for (var i = _eras.Count - 1; i >= 0; i--)
        {
            var era = _eras[i];
            var end = i + 1 < _eras.Count ? _eras[i + 1].Base : next - 1;
            var isDone = oldest > end && i + 1 < _eras.Count;
            var cursor = Math.Clamp(oldest, era.Base + 1, end + 1);
            var lost = isDone ? _eras[i + 1].DroppedBefore - era.DroppedBefore : oldest > era.Base ? dropped - era.DroppedBefore : 0;
            ledgers.Add(new StreamLedger(era.Epoch, cursor - era.Base, end + 1 - era.Base, cursor - era.Base - 1 - lost, lost));
        }

        return ledgers;
    }

    private int IndexOf(ulong position)
    {
        var index = _eras.Count - 1;
        while (index > 0 && position <= _eras[index].Base)
        {
            index--;
        }

        return index;
    }
}
