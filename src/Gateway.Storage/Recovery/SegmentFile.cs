namespace Gateway.Storage;

/// <summary>A file found at a start that has a segment's header, or commits that tell what the header was.</summary>
internal sealed record SegmentFile(string Path, long Length, SegmentHeader Header, bool IsHeaderLost)
{
    /// <summary>Commits of this number or above are void here: a later segment says so.</summary>
    public ulong Limit { get; set; } = ulong.MaxValue;

    /// <summary>What the newest header tells of it; null: it is the newest itself, or newer.</summary>
    public SegmentSummary? Summary { get; set; }

    public ulong Generation => Header.Generation;
}
