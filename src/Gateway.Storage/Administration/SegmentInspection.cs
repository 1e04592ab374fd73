namespace Gateway.Storage;

/// <summary>Reads a segment from its header to its durable end, and says what of it cannot be read.</summary>
internal sealed class SegmentInspection(IJournalFiles files, uint sumStart)
{
    private byte[] _bytes = [];

    public FileFinding Run(Segment segment, CancellationToken cancellation)
    {
        var end = (int)segment.End;
        var bytes = Load(segment.Path, end);
        var damaged = new List<DamagedPart>();
        var offset = CheckHeader(bytes, damaged);
        var (commits, entries) = (0L, 0L);
        while (offset < end)
        {
            cancellation.ThrowIfCancellationRequested();
            if (IsCommit(bytes, offset, segment.Generation, out var header))
            {
                commits++;
                entries += header.Entries;
                offset += header.Area;
                continue;
            }

            var from = offset;
            do
            {
                offset += Layout.Block;
            }
            while (offset < end && !IsCommit(bytes, offset, segment.Generation, out _));
            damaged.Add(new DamagedPart(from, Math.Min(offset, end) - from, bytes.Length <= from ? "the file ends before it" : "commits that cannot be read"));
        }

        return new FileFinding(Path.GetFileName(segment.Path), end, commits, entries, damaged);
    }

    private static long CheckHeader(ReadOnlySpan<byte> bytes, List<DamagedPart> damaged)
    {
        if (SegmentHeader.LengthOf(bytes) is > 0 and var length && length <= bytes.Length && SegmentHeader.Decode(bytes[..length], out _) is { } header)
        {
            return header.Area;
        }

        damaged.Add(new DamagedPart(0, Layout.Block, "the segment's header"));
        return Layout.Block;
    }

    private bool IsCommit(ReadOnlySpan<byte> bytes, long offset, ulong generation, out CommitHeader header)
    {
        header = default;
        return offset < bytes.Length
            && CommitHeader.TryRead(bytes[(int)offset..], generation, out header)
            && header.Length <= bytes.Length - offset
            && CommitHeader.IsIntact(bytes.Slice((int)offset, header.Length), sumStart);
    }

    private ReadOnlySpan<byte> Load(string path, int end)
    {
        if (_bytes.Length < end)
        {
            _bytes = new byte[end];
        }

        using var file = files.Open(path);
        try
        {
            return _bytes.AsSpan(0, file.Read(_bytes.AsSpan(0, end), 0));
        }
        catch (IOException)
        {
            // Some sector cannot be read: block by block, so that it costs no more than itself.
            for (var offset = 0; offset < end; offset += Layout.Block)
            {
                LoadBlock(file, _bytes.AsSpan(offset, Math.Min(Layout.Block, end - offset)), offset);
            }

            return _bytes.AsSpan(0, end);
        }
    }

    private static void LoadBlock(IJournalFile file, Span<byte> block, long offset)
    {
        try
        {
            block[file.Read(block, offset)..].Clear();
        }
        catch (IOException)
        {
            block.Clear();
        }
    }
}
