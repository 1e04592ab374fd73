namespace Gateway.Storage;

/// <summary>Copies what little waits in an old segment into a commit of its own, so that one old alarm does not keep a whole segment. For the journal's thread.</summary>
/// <remarks>
/// The copies and what the streams know go into one commit: after it, whatever waits is in the copy, and whatever is not in the copy is done, also for a start after
/// a power cut. Only then is the old extent let go. Before it, the copy does not count. Copies keep their positions and the moment of their append.
/// </remarks>
internal sealed class CopyForward(CommitterParts parts)
{
    /// <summary>Segments that hold something, beyond twice as many as its bytes would fill: 32 MiB of 8 MiB segments are not worth writing anything twice.</summary>
    private const int Slack = 4;

    private readonly Batch _batch = new(64 << 10);
    private readonly List<(OutboxStream Stream, Extent Extent, int Count, long Bytes)> _groups = [];

    /// <summary>Of the copies that were collected last.</summary>
    public Batch Batch => _batch;

    /// <summary>Whether copying frees a segment.</summary>
    /// <param name="pressed">As below.</param>
    public bool CanFree(bool pressed) => IsSpaceWasted(pressed) && Emptiest() is not null;

    /// <summary>Collects what waits in the segment that has the least of it.</summary>
    /// <param name="pressed">The disk is full: any space is wanted.</param>
    /// <returns>Whether there is something to be written.</returns>
    public bool TryCollect(bool pressed)
    {
        if (!IsSpaceWasted(pressed) || Emptiest() is not { } segment)
        {
            return false;
        }

        _batch.Begin(Moment.Of(parts.Clock));
        _groups.Clear();
        using (var reader = new EntryReader(parts.Files, parts.SumStart))
        {
            foreach (var extent in segment.Extents)
            {
                if (Find(extent) is { } stream && stream.Waiting(extent) > 0 && !TryCollect(stream, extent, reader))
                {
                    return false;
                }
            }
        }

        return _groups.Count > 0 && _batch.Buffer.Length < parts.Options.BatchLimit;
    }

    /// <summary>The copies are durable in this commit: they are what counts from now on.</summary>
    public void Move(Segment segment, long offset, CommitHeader header)
    {
        for (var group = 0; group < _groups.Count; group++)
        {
            var (stream, from, count, bytes) = _groups[group];
            var cost = bytes + (count * header.Share);
            stream.Move(from, new Extent(segment, from.Stream, from.First, offset, from.FirstTime, (uint)group)
            {
                Last = from.Last,
                LastTime = from.LastTime,
                Bytes = cost,
                Remaining = cost,
            });
        }

        parts.Metrics.Copied(header.Area);
    }

    private bool IsSpaceWasted(bool pressed)
    {
        var held = parts.Segments.Held.Count;
        if (pressed || held <= Slack)
        {
            return pressed && held > 0;
        }

        var waiting = 0L;
        foreach (var stream in parts.Appender.Streams)
        {
            waiting += stream.Bytes;
        }

        return held > Slack + (2 * (waiting + parts.Options.SegmentSize - 1) / parts.Options.SegmentSize);
    }

    /// <summary>The segment with the fewest bytes that wait, less than a quarter of it; null: all have more.</summary>
    private Segment? Emptiest()
    {
        Segment? emptiest = null;
        var least = (long)parts.Options.SegmentSize / 4;
        foreach (var segment in parts.Segments.Held.Where(static s => !s.IsPinned && !s.IsHeld))
        {
            var waiting = segment.Extents.Sum(e => Find(e)?.Waiting(e) ?? 0);
            if (waiting > 0 && waiting < least)
            {
                (emptiest, least) = (segment, waiting);
            }
        }

        return emptiest;
    }

    /// <returns>false: what waits cannot be read for the time being. A copy must have all of it, or it does not count.</returns>
    private bool TryCollect(OutboxStream stream, Extent extent, EntryReader reader)
    {
        var (start, before) = (_batch.Buffer.Length, _batch.Entries);
        for (var seq = stream.NextWaiting(extent.First); seq <= extent.Last; seq = stream.NextWaiting(seq + 1))
        {
            if (!stream.Reading.TryMove(reader, seq, inFlightToo: true))
            {
                if (stream.NextWaiting(seq) <= extent.Last)
                {
                    return false;
                }

                break;
            }

            if (reader.Seq > extent.Last)
            {
                break;
            }

            seq = reader.Seq;
            reader.CopyTo(_batch.Buffer, stream.Number, (uint)_groups.Count);
            _batch.Frames++;
            _batch.Entries++;
        }

        var bytes = _batch.Buffer.Length - start;
        if (bytes > 0)
        {
            _batch.EntryBytes += bytes;
            _groups.Add((stream, extent, _batch.Entries - before, bytes));
        }

        return true;
    }

    private OutboxStream? Find(Extent extent) => parts.Appender.Streams.FirstOrDefault(s => s.Number == extent.Stream);
}
