namespace Gateway.Verification;

/// <summary>Sequence numbers as sorted, disjoint ranges, each of one kind; neighbours of one kind are one range. Numbers are 1..2^63-1.</summary>
/// <remarks>In order and without holes this is one range, however many numbers: memory grows with the holes only.</remarks>
internal sealed class NumberRanges
{
    private readonly List<NumberRange> _ranges = [];
    private readonly List<NumberRange> _painted = [];

    public int Count => _ranges.Count;

    public NumberRange this[int index] => _ranges[index];

    /// <summary>What the number is; null: nothing yet.</summary>
    public byte? KindOf(ulong number)
    {
        var at = FirstEndingFrom(number);
        return at < _ranges.Count && _ranges[at].From <= number ? _ranges[at].Kind : null;
    }

    /// <summary>Gives from..to a kind.</summary>
    /// <param name="from">The first number.</param>
    /// <param name="to">The last number, inclusive.</param>
    /// <param name="kind">What they are now.</param>
    /// <param name="over">Also those that had another kind.</param>
    /// <returns>How many had none.</returns>
    public ulong Paint(ulong from, ulong to, byte kind, bool over = false)
    {
        if (_ranges.Count > 0 && _ranges[^1] is var last && last.To + 1 == from && last.Kind == kind)
        {
            _ranges[^1] = last with { To = to };
            return to - from + 1;
        }

        // With the neighbours that only touch: they may become one with it.
        var first = FirstEndingFrom(from - 1);
        var end = first;
        var next = from;
        var count = 0UL;
        _painted.Clear();
        for (; end < _ranges.Count && _ranges[end].From <= to + 1; end++)
        {
            var old = _ranges[end];
            if (old.From > next && next <= to)
            {
                count += old.From - next;
                Push(new NumberRange(next, old.From - 1, kind));
            }

            if (over)
            {
                Recolour(old, from, to, kind);
            }
            else
            {
                Push(old);
            }

            next = Math.Max(next, old.To + 1);
        }

        if (next <= to)
        {
            count += to - next + 1;
            Push(new NumberRange(next, to, kind));
        }

        _ranges.RemoveRange(first, end - first);
        _ranges.InsertRange(first, _painted);
        return count;
    }

    /// <summary>The ranges of from..to that have no kind, in order.</summary>
    public IEnumerable<(ulong From, ulong To)> Holes(ulong from, ulong to)
    {
        var next = from;
        for (var i = FirstEndingFrom(from); i < _ranges.Count && _ranges[i].From <= to; i++)
        {
            if (_ranges[i].From > next)
            {
                yield return (next, _ranges[i].From - 1);
            }

            next = _ranges[i].To + 1;
        }

        if (next <= to)
        {
            yield return (next, to);
        }
    }

    /// <summary>How many of from..to have no kind.</summary>
    public ulong CountHoles(ulong from, ulong to)
    {
        var count = 0UL;
        foreach (var hole in Holes(from, to))
        {
            count += hole.To - hole.From + 1;
        }

        return count;
    }

    /// <summary>The last number of those that follow <paramref name="from"/> without a hole; the one before it if it has no kind itself.</summary>
    public ulong ContiguousTo(ulong from)
    {
        var next = from;
        for (var i = FirstEndingFrom(from); i < _ranges.Count && _ranges[i].From <= next; i++)
        {
            next = _ranges[i].To + 1;
        }

        return next - 1;
    }

    /// <summary>Forgets the lowest ranges.</summary>
    public void Forget(int count) => _ranges.RemoveRange(0, count);

    public void Clear() => _ranges.Clear();

    private void Recolour(NumberRange old, ulong from, ulong to, byte kind)
    {
        if (old.From < from)
        {
            Push(old with { To = Math.Min(old.To, from - 1) });
        }

        if (Math.Max(old.From, from) is var left && Math.Min(old.To, to) is var right && left <= right)
        {
            Push(new NumberRange(left, right, kind));
        }

        if (old.To > to)
        {
            Push(old with { From = Math.Max(old.From, to + 1) });
        }
    }

    private void Push(NumberRange range)
    {
        if (_painted.Count > 0 && _painted[^1] is var last && last.Kind == range.Kind && last.To + 1 == range.From)
        {
            _painted[^1] = last with { To = range.To };
            return;
        }

        _painted.Add(range);
    }

    /// <summary>Index of the first range that ends at the number or after it.</summary>
    private int FirstEndingFrom(ulong number)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ranges[middle].To < number ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

/// <param name="From">The first number.</param>
/// <param name="To">The last number, inclusive.</param>
/// <param name="Kind">What they are.</param>
internal readonly record struct NumberRange(ulong From, ulong To, byte Kind);
