namespace Gateway.Storage;

/// <summary>Sizes and marks of the format on disk.</summary>
internal static class Layout
{
    /// <summary>The version that this program writes. Older ones stay readable; newer ones are refused. 2: streams have epochs that followed one another, entries are copied forward.
    /// 3: what changed in a stream is written instead of all that is to be told of it.</summary>
    public const uint Version = 3;

    /// <summary>Commits begin on a fresh block of this size: a torn write never reaches into a neighbour (ext4's block, a flash page's usual part).</summary>
    public const int Block = 4096;

    /// <summary>"EGWJRNL" and a zero.</summary>
    public const ulong SegmentMagic = 0x004C4E524A574745;

    /// <summary>"EGWC".</summary>
    public const uint CommitMagic = 0x43574745;

    /// <summary>Type (1 byte) and length of the body (4 bytes).</summary>
    public const int FrameHeader = 5;

    /// <summary>No entry is smaller: bounds how many numbers an unreadable range may have held.</summary>
    public const int SmallestEntry = 12;

    public static long Align(long length) => (length + Block - 1) / Block * Block;
}

/// <summary>What a frame holds. Numbers are final; new ones need a new <see cref="Layout.Version"/>.</summary>
internal enum FrameType : byte
{
    /// <summary>A message and the streams that want it.</summary>
    Entry = 1,

    /// <summary>A stream's definition, cursor, counters and gaps.</summary>
    Stream = 2,

    /// <summary>Newest entry of each retained topic of a stream; only in a segment's first commit.</summary>
    Retained = 3,

    Put = 4,
    Remove = 5,

    /// <summary>An entry that was copied forward. From format 2 on.</summary>
    Copy = 6,

    /// <summary>What changed in a stream since its last <see cref="Stream"/>. From format 3 on.</summary>
    StreamChange = 7,
}
