namespace Gateway.Storage;

/// <summary>What was found in one file of the journal.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Bytes">Bytes that hold something.</param>
/// <param name="Commits">Commits that are intact.</param>
/// <param name="Entries">Messages in them.</param>
/// <param name="Damaged">What cannot be read, in the order of its place.</param>
public sealed record FileFinding(string Name, long Bytes, long Commits, long Entries, IReadOnlyList<DamagedPart> Damaged);

/// <param name="Offset">Bytes from the file's beginning.</param>
/// <param name="Length">Bytes.</param>
/// <param name="What">What should be there.</param>
public sealed record DamagedPart(long Offset, long Length, string What);

/// <summary>What was found of one stream.</summary>
/// <param name="Stream">Which one.</param>
/// <param name="Readable">Entries that wait and can be read.</param>
/// <param name="Lost">Ranges of numbers that wait and cannot be read.</param>
public sealed record StreamFinding(StreamId Stream, ulong Readable, IReadOnlyList<SeqRange> Lost);

/// <summary>Numbers of a stream, both ends inclusive.</summary>
public readonly record struct SeqRange(ulong From, ulong To)
{
    public ulong Count => To - From + 1;
}
