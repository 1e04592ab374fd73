namespace Gateway.Storage;

/// <summary>Finds out what lies in a segment of which no header tells.</summary>
internal sealed class ExtentCollector(Segment segment) : ICommitVisitor
{
    private readonly Dictionary<uint, Extent> _byStream = [];
    private readonly Dictionary<(uint Stream, long Offset, uint Group), Extent> _copies = [];
    private readonly List<EntryTarget> _targets = [];

    public void Damage(long bytes)
    {
        // What is missing shows in the numbers.
    }

    public void Visit(long offset, CommitHeader header, ReadOnlySpan<byte> frames)
    {
        while (Frames.TryNext(ref frames, out var type, out var body))
        {
            if (type == FrameType.Entry)
            {
                _targets.Clear();
                if (EntryFrame.TryReadHead(body, uint.MaxValue, _targets, out var head))
                {
                    Add(offset, header.Moment.Plus(head.Delay).Wall, body.Length + Layout.FrameHeader + header.Share);
                }
            }
            else if (type == FrameType.Copy && CopyFrame.TryRead(body, out var group, out var appendedAt, out var entry))
            {
                _targets.Clear();
                if (EntryFrame.TryReadHead(entry, uint.MaxValue, _targets, out _))
                {
                    AddCopy(offset, group, appendedAt.Wall, body.Length + Layout.FrameHeader + header.Share);
                }
            }
        }
    }

    private void AddCopy(long offset, uint group, long wall, long cost)
    {
        foreach (var target in _targets)
        {
            if (!_copies.TryGetValue((target.Stream, offset, group), out var extent))
            {
                extent = new Extent(segment, target.Stream, target.Seq, offset, wall, group);
                _copies.Add((target.Stream, offset, group), extent);
                segment.Extents.Add(extent);
            }

            Grow(extent, target.Seq, wall, cost);
        }
    }

    private void Add(long offset, long wall, long cost)
    {
        foreach (var target in _targets)
        {
            if (!_byStream.TryGetValue(target.Stream, out var extent))
            {
                extent = new Extent(segment, target.Stream, target.Seq, offset, wall);
                _byStream.Add(target.Stream, extent);
                segment.Extents.Add(extent);
            }

            Grow(extent, target.Seq, wall, cost);
        }
    }

    private static void Grow(Extent extent, ulong seq, long wall, long cost)
    {
        extent.Last = seq;
        extent.LastTime = wall;
        extent.Bytes += cost;
        extent.Remaining += cost;
    }
}
