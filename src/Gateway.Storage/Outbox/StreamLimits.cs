namespace Gateway.Storage;

/// <summary>Bounds of one stream.</summary>
public sealed record StreamLimits
{
    /// <summary>1 GiB: a week of 100 values a second fits, and every SD card has it.</summary>
    public const long DefaultSize = 1L << 30;

    /// <summary>7 days: a long weekend and the technician's trip.</summary>
    public static readonly TimeSpan DefaultAge = TimeSpan.FromDays(7);

    /// <summary>Bytes on disk that the stream's entries may take.</summary>
    public long Size { get; init; } = DefaultSize;

    /// <summary>Entries older than this are dropped, oldest first, as an <see cref="GapReason.Age"/> gap.</summary>
    public TimeSpan Age { get; init; } = DefaultAge;

    public WhenFull WhenFull { get; init; } = WhenFull.DropOldest;

    /// <summary>Makes what stands for entries, with <see cref="WhenFull.Downsample"/>; null: nothing can.</summary>
    public Func<IDigest>? Digest { get; init; }
}

/// <summary>What happens to a message for which a stream has no room.</summary>
public enum WhenFull : byte
{
    /// <summary>The oldest entries go, as a <see cref="GapReason.Size"/> gap.</summary>
    DropOldest,

    /// <summary>The new message is not taken: a <see cref="GapReason.Size"/> gap takes its place.</summary>
    DropNewest,

    /// <summary>The publisher is told (PUBACK 0x97 on 5.0, closed on 3.1.1). Where none waits, as <see cref="DropNewest"/>.</summary>
    Refuse,

    /// <summary>What <see cref="StreamLimits.Digest"/> makes of the oldest entries stands for them, which are a <see cref="GapReason.Downsampled"/> gap; of what it makes nothing,
    /// or not less, as <see cref="DropOldest"/>.</summary>
    Downsample,
}
