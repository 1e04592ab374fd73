namespace Gateway.OutboxControl;

/// <summary>One finding; exactly one member is there.</summary>
internal sealed record RepairLine
{
    public RepairedFile? File { get; init; }

    public RepairedStream? Stream { get; init; }

    public QuarantinedCopy? Quarantined { get; init; }

    /// <summary>The last line.</summary>
    public RepairResult? Result { get; init; }
}

/// <param name="Name">The file's name.</param>
/// <param name="Bytes">Bytes that hold something.</param>
/// <param name="Commits">Commits that are intact.</param>
/// <param name="Entries">Messages in them.</param>
/// <param name="Damaged">What cannot be read.</param>
/// <param name="Known">A copy was put aside before, and what was lost is told.</param>
internal sealed record RepairedFile(string Name, long Bytes, long Commits, long Entries, IReadOnlyList<RepairedPart> Damaged, bool Known);

/// <param name="Offset">Bytes from the file's beginning.</param>
/// <param name="Length">Bytes.</param>
/// <param name="What">What should be there.</param>
internal sealed record RepairedPart(long Offset, long Length, string What);

/// <param name="Stream"><c>bridge.lane</c>.</param>
/// <param name="Readable">Entries that wait and can be read.</param>
/// <param name="Lost">Numbers that wait and cannot.</param>
internal sealed record RepairedStream(string Stream, ulong Readable, IReadOnlyList<LineRange> Lost);

/// <param name="Folder">Where it is.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Reason">Why, if it was put aside just now.</param>
internal sealed record QuarantinedCopy(string Folder, string Name, long Bytes, string? Reason);

/// <param name="Damaged">Something was damaged that had not been told before.</param>
/// <param name="Lost">Messages that are lost by it.</param>
/// <param name="Check">Nothing was changed.</param>
internal sealed record RepairResult(bool Damaged, ulong Lost, bool Check);
