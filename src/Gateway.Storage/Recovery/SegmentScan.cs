namespace Gateway.Storage;

/// <summary>Takes the intact commits of a scan, in order.</summary>
internal interface ICommitVisitor
{
    void Visit(long offset, CommitHeader header, ReadOnlySpan<byte> frames);

    /// <summary>Bytes that once were commits and cannot be read.</summary>
    void Damage(long bytes);
}

/// <summary>What a scan of a whole segment found.</summary>
/// <param name="Commits">How many are intact.</param>
/// <param name="Next">The number after the last intact one.</param>
/// <param name="End">Offset after the last intact one.</param>
/// <param name="LastOffset">Offset of the last intact one.</param>
/// <param name="Torn">Bytes of a commit at the end that is not intact.</param>
/// <param name="IsDamaged">Whether an intact commit, or the head of one that is too high a number, follows one that is not intact: that one had been durable.</param>
internal readonly record struct ScanResult(long Commits, ulong Next, long End, long LastOffset, long Torn, bool IsDamaged);

/// <summary>Reads a segment from its first to its last commit. The buffer serves one scan after the other.</summary>
internal sealed class SegmentScan(IJournalFiles files, uint sumStart)
{
    private byte[] _bytes = [];

    public ScanResult Run(SegmentFile segment, ICommitVisitor visitor)
    {
        var bytes = Load(segment);
        if (segment.Summary is { } summary && summary.End < bytes.Length)
        {
            bytes = bytes[..(int)summary.End];
        }

        var offset = segment.Header.Area;
        var result = new ScanResult(0, segment.Header.FirstCommit, offset, 0, 0, false);
        while (offset < bytes.Length)
        {
            if (!IsCommit(bytes, offset, segment, result.Next, out var header))
            {
                var next = Following(bytes, offset + Layout.Block, segment, result.Next);
                if (next < 0)
                {
                    break;
                }

                visitor.Damage(next - offset);
                result = result with { IsDamaged = true };
                offset = next;
                continue;
            }

            if (header.Number > result.Next && !result.IsDamaged)
            {
                visitor.Damage(Layout.Block);
                result = result with { IsDamaged = true };
            }

            visitor.Visit(offset, header, bytes.Slice((int)offset + CommitHeader.Size, header.Length - CommitHeader.Size));
            result = result with { Commits = result.Commits + 1, Next = header.Number + 1, End = offset + header.Area, LastOffset = offset };
            offset += header.Area;
        }

        if (Begun(bytes, segment, result) is > 0 and var begun)
        {
            visitor.Damage(begun - result.End);
            return result with { IsDamaged = true };
        }

        return result with { Torn = TornBytes(bytes, result.End, segment, result.Next) };
    }

    private ReadOnlySpan<byte> Load(SegmentFile segment)
    {
        if (_bytes.Length < segment.Length)
        {
            _bytes = new byte[segment.Length];
        }

        using var file = files.OpenRead(segment.Path);
        var bytes = _bytes.AsSpan(0, (int)segment.Length);
        return bytes[..SalvageRead.Read(file, bytes, 0)];
    }

    private bool IsCommit(ReadOnlySpan<byte> bytes, long offset, SegmentFile segment, ulong atLeast, out CommitHeader header) =>
        CommitHeader.TryRead(bytes[(int)offset..], segment.Generation, out header)
        && header.Number >= atLeast
        && header.Number < segment.Limit
        && header.Length <= bytes.Length - offset
        && CommitHeader.IsIntact(bytes.Slice((int)offset, header.Length), sumStart);

    private long Following(ReadOnlySpan<byte> bytes, long offset, SegmentFile segment, ulong atLeast)
    {
        for (; offset < bytes.Length; offset += Layout.Block)
        {
            if (IsCommit(bytes, offset, segment, atLeast, out _))
            {
                return offset;
            }
        }

        return -1;
    }

    /// <summary>Offset of the last commit behind the end of which at least the header is whole and whose number is too high: those before it had been durable when it was begun.</summary>
    private long Begun(ReadOnlySpan<byte> bytes, SegmentFile segment, ScanResult result)
    {
        var last = 0L;
        for (var offset = result.End + Layout.Block; offset < bytes.Length; offset += Layout.Block)
        {
            if (CommitHeader.TryRead(bytes[(int)offset..], segment.Generation, out var header)
                && header.Number > result.Next
                && header.Number < segment.Limit
                && CommitHeader.IsHeadIntact(bytes[(int)offset..], sumStart))
            {
                last = offset;
            }
        }

        return last;
    }

    private static long TornBytes(ReadOnlySpan<byte> bytes, long end, SegmentFile segment, ulong next) =>
        end < bytes.Length && CommitHeader.TryRead(bytes[(int)end..], segment.Generation, out var header) && header.Number == next && next < segment.Limit
            ? Math.Min(header.Length, bytes.Length - end)
            : 0;
}
