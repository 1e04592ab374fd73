namespace Gateway.Storage;

/// <summary>Where on disk the entries of one stream are, oldest first. Guarded by the stream.</summary>
internal sealed class ExtentList
{
    private readonly List<Extent> _extents = [];

    /// <summary>Bytes on disk of the entries that wait.</summary>
    public long Bytes { get; private set; }

    public int Count => _extents.Count;

    public Extent this[int index] => _extents[index];

    public void Add(Extent extent)
    {
        _extents.Add(extent);
        Bytes += extent.Remaining;
    }

    /// <summary>The last extent has grown.</summary>
    public void Grow(Extent extent, long bytes)
    {
        extent.Bytes += bytes;
        extent.Remaining += bytes;
        Bytes += bytes;
    }

    /// <summary>The extent with this number, or else the next one.</summary>
    public Extent? Locate(ulong seq)
    {
        var (low, high) = (0, _extents.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_extents[middle].Last < seq)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < _extents.Count ? _extents[low] : null;
    }

    /// <summary>An entry is done: its bytes count no longer.</summary>
    public void Charge(ulong seq, long cost)
    {
        if (Locate(seq) is { } extent)
        {
            Charge(extent, cost);
        }
    }

    public bool Holds(Extent extent) => ReferenceEquals(Locate(extent.First), extent);

    /// <summary>All that waits in one extent lies in another, too, which takes its place. Nothing happens if the first one is not needed any more.</summary>
    public void Replace(Extent from, Extent to)
    {
        var index = _extents.IndexOf(from);
        if (index >= 0)
        {
            // Between the neighbours of the first one: what it held and the second one does not is done.
            Bytes += to.Remaining - from.Remaining;
            from.Remaining = 0;
            to.Segment.Add(to);
            from.Segment.Release();
            _extents[index] = to;
        }
    }

    /// <summary>Lets go of the extents up to this number in which nothing is left to do. What lies in the segment that grows is kept: it grows, too.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Release(Progress progress, ulong upTo)
    {
        var released = false;
        for (var i = 0; i < _extents.Count && _extents[i].First <= upTo; i++)
        {
            var extent = _extents[i];
            if (extent.Segment.Sealed && progress.IsResolved(extent.First, extent.Last))
            {
                Charge(extent, extent.Remaining);
                extent.Segment.Release();
                _extents.RemoveAt(i--);
                released = true;
            }
        }

        return released;
    }

    /// <summary>After a start: of what is done in part, only the stream's own total knows the bytes. Each extent gets its share of that, by what waits in it.</summary>
    public void Correct(long total, Progress progress)
    {
        if (total < 0 || total >= Bytes)
        {
            return;
        }

        var waiting = _extents.ConvertAll(e => (long)(e.Remaining * (progress.CountOpen(e.First, e.Last) / (double)(e.Last - e.First + 1))));
        var factor = total / Math.Max(1.0, waiting.Sum());
        for (var i = 0; i < _extents.Count; i++)
        {
            Charge(_extents[i], Math.Max(0, _extents[i].Remaining - (long)(waiting[i] * factor)));
        }
    }

    private void Charge(Extent extent, long cost)
    {
        var taken = Math.Min(cost, extent.Remaining);
        extent.Remaining -= taken;
        Bytes -= taken;
    }
}
