namespace Gateway.Verification;

/// <summary>What a backend keeps of one stream and epoch to prove that nothing is missing: the contiguous mark, and the numbers seen above it.</summary>
internal sealed class StreamAudit
{
    private readonly SortedSet<ulong> _above = [];
    private readonly List<(ulong From, ulong To)> _dropped = [];
    private ulong _mark;
    private ulong _highest;
    private ulong _oldest = 1;
    private ulong _next = 1;

    /// <summary>Different numbers received.</summary>
    public ulong Received { get; private set; }

    /// <summary>Numbers received again.</summary>
    public ulong Duplicates { get; private set; }

    /// <summary>Numbers received after a higher one, for the first time.</summary>
    public ulong OutOfOrder { get; private set; }

    /// <summary>Numbers that the gateway says it dropped.</summary>
    public ulong Dropped { get; private set; }

    /// <summary>Numbers that are still in the gateway, by its last ledger.</summary>
    public ulong Open => _next - _oldest;

    /// <summary>Numbers that the gateway says are gone from it, and that neither came nor lie in a gap.</summary>
    public ulong Missing
    {
        get
        {
            var missing = 0UL;
            for (var n = _mark + 1; n < _oldest; n++)
            {
                missing += Has(n) ? 0UL : 1UL;
            }

            return missing;
        }
    }

    /// <returns>false: it had been here.</returns>
    public bool See(ulong seq)
    {
        if (seq <= _mark || _above.Contains(seq))
        {
            Duplicates++;
            return false;
        }

        if (seq < _highest)
        {
            OutOfOrder++;
        }

        Received++;
        _highest = Math.Max(_highest, seq);
        _above.Add(seq);
        Advance();
        return true;
    }

    public void Drop(ulong from, ulong to)
    {
        if (_dropped.Contains((from, to)))
        {
            return;
        }

        _dropped.Add((from, to));
        Dropped += to - from + 1;
        Advance();
    }

    /// <summary>Two cards with the same epoch, of which one is a copy, tell of it by turns: what the one has done is done.</summary>
    /// <param name="oldest">The oldest number that is still in the gateway.</param>
    /// <param name="next">The number that its next message gets.</param>
    public void Compare(ulong oldest, ulong next)
    {
        _oldest = Math.Max(_oldest, oldest);
        _next = Math.Max(_next, next);
    }

    private bool Has(ulong n) => _above.Contains(n) || _dropped.Exists(d => d.From <= n && n <= d.To);

    private void Advance()
    {
        while (true)
        {
            var next = _mark + 1;
            if (_above.Remove(next))
            {
                _mark = next;
                continue;
            }

            var gap = _dropped.Find(d => d.From <= next && next <= d.To);
            if (gap == default)
            {
                return;
            }

            _mark = gap.To;
            _above.RemoveWhere(n => n <= gap.To);
        }
    }
}
