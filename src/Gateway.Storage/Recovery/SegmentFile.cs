namespace Gateway.Storage;

/// <summary>A file found at a start that has a segment's header, or commits that tell what the header was.</summary>
internal sealed record SegmentFile(string Path, long Length, SegmentHeader Header, bool IsHeaderLost)
{
    /// <summary>Commits of this number or above are void here: a later segment says so.</summary>
    public ulong Limit { get; set; } = ulong.MaxValue;

    public ulong Generation => Header.Generation;
}
