namespace Gateway.Verification;

/// <summary>What a backend keeps of one stream and epoch to prove that nothing is missing: the contiguous mark, and the numbers seen above it.</summary>
/// <remarks>Three words for a number that is not here: dropped (the gateway says why), open (it is still in the gateway), missing (neither).</remarks>
internal sealed class StreamAudit(DropReasons reasons, ContentBudget budget)
{
    /// <summary>4,096 ranges are 100 KB: so many holes at a time are followed, the lowest are settled as they stand.</summary>
    public const int MostRanges = 4_096;

    private readonly NumberRanges _ranges = new();
    private readonly ContentWindow _contents = new(budget);
    private readonly SortedDictionary<string, ulong> _droppedBy = new(StringComparer.Ordinal);
    private ulong _floor = 1;
    private ulong _highest;
    private ulong _givenUp;
    private bool _begunByMessage;

    /// <summary>The first number that is judged; null: nothing has told yet where we joined.</summary>
    public ulong? Begin { get; private set; }

    /// <summary>Everything from <see cref="Begin"/> to here came or was told.</summary>
    public ulong Mark => Begin is { } begin ? _ranges.ContiguousTo(Math.Max(begin, _floor)) : 0;

    /// <summary>Different numbers received.</summary>
    public ulong Received { get; private set; }

    /// <summary>Numbers received again, with the same content as far as that is still known.</summary>
    public ulong Duplicates { get; private set; }

    /// <summary>Numbers received again with other content: two messages carry one identity.</summary>
    public ulong Conflicts { get; private set; }

    /// <summary>Numbers received after a higher one, for the first time. What is sent again does not count: at QoS 1 it may come at any time.</summary>
    public ulong OutOfOrder { get; private set; }

    /// <summary>Numbers that the gateway says it dropped, whatever the reason, and that did not come all the same.</summary>
    public ulong Dropped => _droppedBy.Values.Aggregate(0UL, Saturating.Add);

    /// <summary>The same, by reason.</summary>
    public IReadOnlyDictionary<string, ulong> DroppedBy => _droppedBy;

    /// <summary>The last word of the gateway; null: none came.</summary>
    public ToldLedger? Ledger { get; private set; }

    /// <summary>Whether a ledger came that was published while we listened.</summary>
    public bool HasLiveLedger { get; private set; }

    /// <summary>The epoch that took this one's place.</summary>
    public ulong? Successor { get; set; }

    /// <summary>The epoch before this one.</summary>
    public ulong? Predecessor { get; set; }

    /// <summary>Numbers that the gateway says are gone from it (without a ledger: below the highest that came), and that neither came nor were told.</summary>
    public ulong Missing => Saturating.Add(_givenUp, MissingRanges.Aggregate(0UL, static (sum, r) => Saturating.Add(sum, r.To - r.From + 1)));

    public IEnumerable<(ulong From, ulong To)> MissingRanges => Begin is { } begin && MissingTo is var to && to >= begin ? _ranges.Holes(Math.Max(begin, _floor), to) : [];

    /// <summary>Numbers that are still in the gateway by its last ledger, and are not here yet.</summary>
    public ulong Open
    {
        get
        {
            if (Ledger is not { } ledger)
            {
                return 0;
            }

            var from = _begunByMessage ? Math.Max(ledger.Oldest, Begin!.Value) : ledger.Oldest;
            var to = Math.Max(ledger.Next - 1, _highest);
            return from > to ? 0 : _ranges.CountHoles(Math.Max(from, _floor), to);
        }
    }

    /// <summary>Whether another epoch took its place.</summary>
    public bool IsReplaced => Successor is not null;

    private ulong MissingTo => Ledger is { } ledger ? ledger.Oldest - 1 : _highest;

    /// <summary>From where on numbers are judged, if nothing else tells: the gateway was watched from its beginning.</summary>
    public void BeginAt(ulong number) => Begin ??= number;

    /// <param name="seq">Its number.</param>
    /// <param name="content">Its content, see <see cref="ContentWindow.Of"/>.</param>
    /// <returns>false: it had been here.</returns>
    public bool See(ulong seq, ulong content)
    {
        var kind = seq < _floor ? DropReasons.Received : _ranges.KindOf(seq);
        if (kind == DropReasons.Received)
        {
            if (_contents.Differs(seq, content))
            {
                Conflicts++;
            }
            else
            {
                Duplicates++;
            }

            return false;
        }

        // The first message tells where we joined, unless we know better.
        if (!_begunByMessage && (Begin is not { } begin || seq < begin))
        {
            Begin = seq;
        }

        _begunByMessage = true;
        if (kind is { } dropped)
        {
            // Told as dropped, and came all the same: after a power cut, a gateway may not know what it had sent.
            Count(dropped, -1);
        }

        if (seq < _highest)
        {
            OutOfOrder++;
        }

        Received++;
        _highest = Math.Max(_highest, seq);
        _ranges.Paint(seq, seq, DropReasons.Received, over: true);
        _contents.Keep(seq, content);
        Bound();
        return true;
    }

    /// <summary>The gateway says that from..to will never come. What came, or was told before, does not count again.</summary>
    public void Drop(ulong from, ulong to, string reason)
    {
        from = Math.Max(from, _floor);
        if (from <= to)
        {
            var kind = reasons.KindOf(reason);
            Count(kind, (long)_ranges.Paint(from, to, kind));
            Bound();
        }
    }

    /// <param name="ledger">What the gateway says.</param>
    /// <param name="live">Published while we listened; otherwise it may be old, and says nothing about where we joined.</param>
    public void Compare(ToldLedger ledger, bool live)
    {
        // After a power cut a cursor may go back: what had been taken before it stays taken.
        Ledger = Ledger is { } last ? ledger with { Oldest = Math.Max(last.Oldest, ledger.Oldest), Next = Math.Max(last.Next, ledger.Next) } : ledger;
        HasLiveLedger |= live;
        if (live)
        {
            // Whatever gets its number from now on comes by here.
            Begin ??= ledger.Next;
        }
    }

    /// <summary>The broker forgot us for a while: what was not here by then may have passed. Counts stay, the rest begins again.</summary>
    public void Interrupt()
    {
        _ranges.Clear();
        _floor = 1;
        (_highest, Begin, _begunByMessage, HasLiveLedger) = (0, null, false, false);
    }

    private void Count(byte kind, long change)
    {
        var reason = reasons[kind];
        var count = _droppedBy.GetValueOrDefault(reason);
        _droppedBy[reason] = change < 0 ? count - (ulong)-change : Saturating.Add(count, (ulong)change);
        if (_droppedBy[reason] == 0)
        {
            _droppedBy.Remove(reason);
        }
    }

    /// <summary>Beyond the bound, the lowest quarter is forgotten; holes in it that were judged stay missing for good.</summary>
    private void Bound()
    {
        if (_ranges.Count <= MostRanges)
        {
            return;
        }

        const int Quarter = MostRanges / 4;
        var floor = _ranges[Quarter - 1].To + 1;
        if (Begin is { } begin && floor > begin)
        {
            _givenUp = Saturating.Add(_givenUp, _ranges.CountHoles(Math.Max(begin, _floor), floor - 1));
        }

        _ranges.Forget(Quarter);
        _floor = floor;
    }
}

/// <summary>Sums of figures that anybody may have sent.</summary>
internal static class Saturating
{
    public static ulong Add(ulong a, ulong b) => a + b is var sum && sum < a ? ulong.MaxValue : sum;
}
