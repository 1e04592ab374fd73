using System.Buffers.Binary;

namespace Gateway.Storage;

/// <summary>What of one stream lies in one sealed segment; with a group, as copies in one commit.</summary>
internal readonly record struct ExtentSummary(uint Stream, ulong First, ulong Last, long Bytes, long Offset, long FirstTime, long LastTime, uint? Group);

/// <summary>A sealed segment's end and contents, written into the headers of the segments that follow it: a start need not scan it, and takes nothing behind its end.</summary>
/// <remarks>Without extents, there was no room for them: the segment has to be scanned.</remarks>
internal sealed record SegmentSummary(ulong Generation, long End, IReadOnlyList<ExtentSummary>? Extents)
{
    public int Length => FixedLength + ((Extents?.Count ?? 0) * ExtentLength);

    /// <summary>Generation, end and count.</summary>
    private const int FixedLength = 20;
    private const int ExtentLength = 56;
}

/// <summary>The block before a segment's first commit.</summary>
/// <remarks>The first 16 bytes (magic, version, header length) and the CRC32C in the last four of that length stay as they are in every version to come:
/// by them an older program tells a newer format from damage. FirstCommit is the number of the first commit in this segment: commits of this number or above
/// in segments before it are void, for a batch whose fdatasync failed may reappear there after a restart.</remarks>
internal sealed record SegmentHeader(long Size, ulong Generation, ulong FirstCommit, Guid Journal, long Created, IReadOnlyList<SegmentSummary> Summaries)
{
    private const int FixedLength = 72;
    private const int SmallestLength = FixedLength + 4;

    /// <summary>Longer ones are not written.</summary>
    private const int LongestLength = 1 << 20;

    /// <summary>Stands for extents that are not listed where their count is expected.</summary>
    private const uint NotListed = uint.MaxValue;

    /// <summary>Bytes that this header takes on disk: the offset of the first commit.</summary>
    public long Area { get; private init; } = Layout.Block;

    /// <summary>The format of what follows it.</summary>
    public uint Version { get; private init; } = Layout.Version;

    /// <summary>Whether a header can list these.</summary>
    public static bool Fits(IReadOnlyList<SegmentSummary> summaries) => LengthFor(summaries) <= LongestLength;

    /// <summary>Bytes on disk of a header that lists these.</summary>
    public static long AreaOf(IReadOnlyList<SegmentSummary> summaries) => Layout.Align(LengthFor(summaries));

    private static long LengthFor(IReadOnlyList<SegmentSummary> summaries) => SmallestLength + summaries.Sum(s => (long)s.Length);

    public ByteBuffer Encode()
    {
        var buffer = new ByteBuffer(Layout.Block);
        buffer.UInt64(Layout.SegmentMagic);
        buffer.UInt32(Layout.Version);
        buffer.UInt32(0);
        buffer.UInt64((ulong)Size);
        buffer.UInt64(Generation);
        buffer.UInt64(FirstCommit);
        buffer.Guid(Journal);
        buffer.UInt64((ulong)Created);
        buffer.UInt32(0);
        buffer.UInt32((uint)Summaries.Count);
        foreach (var summary in Summaries)
        {
            Write(buffer, summary);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(buffer.Written[12..], (uint)buffer.Length + 4);
        buffer.UInt32(Checksum.Extend(Checksum.Start, buffer.Written));
        buffer.Pad(Layout.Block);
        return buffer;
    }

    /// <summary>Length of the header that starts with these 16 bytes; 0: none does.</summary>
    public static int LengthOf(ReadOnlySpan<byte> start)
    {
        if (start.Length < 16 || BinaryPrimitives.ReadUInt64LittleEndian(start) != Layout.SegmentMagic)
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(start[12..]);
        return length is < SmallestLength or > LongestLength ? 0 : (int)length;
    }

    /// <param name="bytes">Exactly the bytes that <see cref="LengthOf"/> asked for.</param>
    /// <param name="version">The format found, if the checksum holds; else 0.</param>
    public static SegmentHeader? Decode(ReadOnlySpan<byte> bytes, out uint version)
    {
        version = 0;
        if (Checksum.Extend(Checksum.Start, bytes[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]))
        {
            return null;
        }

        var reader = new ByteReader(bytes[8..^4]);
        version = reader.UInt32();
        if (version is 0 or > Layout.Version)
        {
            return null;
        }

        _ = reader.UInt32();
        var size = (long)reader.UInt64();
        var generation = reader.UInt64();
        var firstCommit = reader.UInt64();
        var journal = reader.Guid();
        var created = (long)reader.UInt64();
        _ = reader.UInt32();
        var summaries = new List<SegmentSummary>();
        for (var left = reader.UInt32(); left > 0 && !reader.Failed; left--)
        {
            summaries.Add(Read(ref reader, version));
        }

        return reader.Failed
            ? null
            : new SegmentHeader(size, generation, firstCommit, journal, created, summaries) { Area = Layout.Align(bytes.Length), Version = version };
    }

    private static void Write(ByteBuffer buffer, SegmentSummary summary)
    {
        buffer.UInt64(summary.Generation);
        buffer.UInt64((ulong)summary.End);
        buffer.UInt32((uint?)summary.Extents?.Count ?? NotListed);
        foreach (var extent in summary.Extents ?? [])
        {
            buffer.UInt32(extent.Stream);
            buffer.UInt64(extent.First);
            buffer.UInt64(extent.Last);
            buffer.UInt64((ulong)extent.Bytes);
            buffer.UInt64((ulong)extent.Offset);
            buffer.UInt64((ulong)extent.FirstTime);
            buffer.UInt64((ulong)extent.LastTime);
            buffer.UInt32(extent.Group + 1 ?? 0);
        }
    }

    private static SegmentSummary Read(ref ByteReader reader, uint version)
    {
        var generation = reader.UInt64();
        var end = (long)reader.UInt64();
        var count = reader.UInt32();
        if (count == NotListed)
        {
            return new SegmentSummary(generation, end, null);
        }

        var extents = new List<ExtentSummary>();
        for (var left = count; left > 0 && !reader.Failed; left--)
        {
            extents.Add(new ExtentSummary(
                reader.UInt32(),
                reader.UInt64(),
                reader.UInt64(),
                (long)reader.UInt64(),
                (long)reader.UInt64(),
                (long)reader.UInt64(),
                (long)reader.UInt64(),
                version > 1 && reader.UInt32() is > 0 and var group ? group - 1 : null));
        }

        return new SegmentSummary(generation, end, extents);
    }
}
