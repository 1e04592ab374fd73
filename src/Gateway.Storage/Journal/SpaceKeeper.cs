namespace Gateway.Storage;

/// <summary>Keeps streams within their limits, and the disk from filling up. For the journal's thread.</summary>
internal sealed class SpaceKeeper(CommitterParts parts)
{
    /// <summary>Adds to the batch what stands for the oldest of streams that are thinned.</summary>
    /// <returns>Whether there was something.</returns>
    public bool HandOver()
    {
        var handed = false;
        foreach (var stream in parts.Appender.Streams)
        {
            handed |= stream.Thinning.TryHandOver(parts.Appender);
        }

        return handed;
    }

    /// <returns>Whether something was dropped.</returns>
    public bool Trim(bool ages)
    {
        var dropped = false;
        var isOpen = parts.Appender.IsOpen;
        var now = ages ? Moment.Of(parts.Clock) : default;
        foreach (var stream in parts.Appender.Streams)
        {
            stream.Thinning.Continue(parts.Wakeup, isOpen);
            dropped |= stream.Trim.ToSize();
            if (ages)
            {
                dropped |= stream.Trim.ToAge(now);
            }
        }

        return dropped;
    }

    /// <summary>When no further segment can be made, the oldest that may be dropped make room for the next.</summary>
    /// <returns>Whether something was dropped.</returns>
    public bool MakeRoom()
    {
        var dropped = false;
        while (parts.Pool.IsFull
            && parts.Pool.Count + parts.Segments.Dead(last: parts.Pool.IsExhausted).Count < SegmentPool.Wanted
            && parts.Segments.OldestDroppable(CanDrop) is { } segment)
        {
            var before = segment.Live;
            foreach (var extent in segment.Extents)
            {
                dropped |= Find(extent)?.TryDropExtent(extent, GapReason.Size) ?? false;
            }

            if (segment.Live == before)
            {
                break;
            }
        }

        return dropped;
    }

    private bool CanDrop(Extent extent) => Find(extent)?.CanDrop(extent) ?? true;

    private OutboxStream? Find(Extent extent) => parts.Appender.Streams.FirstOrDefault(s => s.Number == extent.Stream);
}
