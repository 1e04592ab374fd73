using System.Buffers.Binary;

namespace Gateway.Storage;

[Flags]
internal enum CommitFlags : ushort
{
    None = 0,

    /// <summary>Restates everything that is not an entry: what commits before it said of streams and keys no longer counts.</summary>
    Checkpoint = 1,

    /// <summary>The wall clock could be believed.</summary>
    ClockTrusted = 2,
}

/// <summary>The head of a commit; its frames follow, and a CRC32C in it covers both.</summary>
/// <remarks>Length counts the bytes of header and frames, without the padding to the next block; 0 is padding, never valid. EntryBytes are the bytes of the frames
/// that are entries; what the commit takes beyond them is shared by the entries. Moment is when the batch was begun; entries say how much later they came.</remarks>
internal readonly record struct CommitHeader(
    CommitFlags Flags, ulong Generation, ulong Number, ulong FirstCommit, int Length, int Frames, int Entries, int EntryBytes, Moment Moment)
{
    public const int Size = 88;
    private const int SumOffset = Size - 4;

    /// <summary>A CRC32C of the header alone: a torn commit whose head is whole still proves that it was begun.</summary>
    private const int HeadSumOffset = Size - 8;

    public bool IsCheckpoint => (Flags & CommitFlags.Checkpoint) != 0;

    /// <summary>Bytes on disk.</summary>
    public long Area => Layout.Align(Length);

    /// <summary>What each entry is charged for the header, the padding and the frames that are not entries.</summary>
    public long Share => Entries == 0 ? 0 : (Area - EntryBytes) / Entries;

    /// <summary>Writes the header over the first bytes of a commit whose frames are in place.</summary>
    public void Write(Span<byte> commit, uint sumStart)
    {
        var at = commit;
        BinaryPrimitives.WriteUInt32LittleEndian(at, Layout.CommitMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(at[4..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(at[6..], Size);
        BinaryPrimitives.WriteUInt64LittleEndian(at[8..], Generation);
        BinaryPrimitives.WriteUInt64LittleEndian(at[16..], Number);
        BinaryPrimitives.WriteUInt64LittleEndian(at[24..], FirstCommit);
        BinaryPrimitives.WriteInt32LittleEndian(at[32..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(at[36..], Frames);
        BinaryPrimitives.WriteInt32LittleEndian(at[40..], Entries);
        BinaryPrimitives.WriteInt32LittleEndian(at[44..], EntryBytes);
        BinaryPrimitives.WriteInt64LittleEndian(at[48..], Moment.Wall);
        Moment.Boot.TryWriteBytes(at[56..]);
        BinaryPrimitives.WriteInt64LittleEndian(at[72..], Moment.SinceBoot);
        BinaryPrimitives.WriteUInt32LittleEndian(at[HeadSumOffset..], Checksum.Extend(sumStart, commit[..HeadSumOffset]));
        BinaryPrimitives.WriteUInt32LittleEndian(at[SumOffset..], Sum(commit[..Length], sumStart));
    }

    /// <summary>Reads a header without looking at the checksum.</summary>
    /// <returns>false: this is no commit of this generation.</returns>
    public static bool TryRead(ReadOnlySpan<byte> at, ulong? generation, out CommitHeader header)
    {
        header = default;
        if (at.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(at) != Layout.CommitMagic || BinaryPrimitives.ReadUInt16LittleEndian(at[6..]) != Size)
        {
            return false;
        }

        var flags = (CommitFlags)BinaryPrimitives.ReadUInt16LittleEndian(at[4..]);
        header = new CommitHeader(
            flags,
            BinaryPrimitives.ReadUInt64LittleEndian(at[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(at[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(at[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(at[32..]),
            BinaryPrimitives.ReadInt32LittleEndian(at[36..]),
            BinaryPrimitives.ReadInt32LittleEndian(at[40..]),
            BinaryPrimitives.ReadInt32LittleEndian(at[44..]),
            new Moment(
                BinaryPrimitives.ReadInt64LittleEndian(at[48..]),
                new Guid(at.Slice(56, 16)),
                BinaryPrimitives.ReadInt64LittleEndian(at[72..]),
                (flags & CommitFlags.ClockTrusted) != 0));
        return header.Length >= Size && (generation is null || header.Generation == generation);
    }

    /// <summary>Whether the header is whole, whatever became of its frames.</summary>
    public static bool IsHeadIntact(ReadOnlySpan<byte> at, uint sumStart) =>
        BinaryPrimitives.ReadUInt32LittleEndian(at[HeadSumOffset..]) == Checksum.Extend(sumStart, at[..HeadSumOffset]);

    /// <summary>Whether the checksum of a whole commit holds.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> commit, uint sumStart) =>
        BinaryPrimitives.ReadUInt32LittleEndian(commit[SumOffset..]) == Sum(commit, sumStart);

    private static uint Sum(ReadOnlySpan<byte> commit, uint start) => Checksum.Extend(Checksum.Extend(start, commit[..SumOffset]), commit[Size..]);
}
