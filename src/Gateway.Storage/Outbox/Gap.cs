namespace Gateway.Storage;

/// <summary>A range of sequence numbers of one epoch that will never arrive, and why. Its range is its identity.</summary>
/// <param name="Epoch">Epoch of the numbers.</param>
/// <param name="From">First number missing.</param>
/// <param name="To">Last number missing, inclusive.</param>
/// <param name="Reason">Why.</param>
/// <param name="First">Wall clock of the oldest entry in it, UTC.</param>
/// <param name="Last">Wall clock of the newest entry in it, UTC.</param>
public readonly record struct Gap(ulong Epoch, ulong From, ulong To, GapReason Reason, DateTimeOffset First, DateTimeOffset Last)
{
    public ulong Count => To - From + 1;
}

/// <summary>Why entries of a stream were dropped.</summary>
public enum GapReason : byte
{
    Size,
    Age,

    /// <summary>Its Message Expiry Interval ended in the queue.</summary>
    Expired,

    /// <summary>A newer message of the same retained topic took its place.</summary>
    Superseded,

    /// <summary>Upstream will never take it.</summary>
    Refused,

    /// <summary>It ended the connection again and again.</summary>
    Poison,

    /// <summary>Its place on disk could not be read.</summary>
    Quarantine,

    /// <summary>A person gave it up (<c>outbox drop</c>).</summary>
    Operator,

    /// <summary>The disk failed before it was durable, and nobody waited for it.</summary>
    Storage,

    /// <summary>Others stand for it: the queue filled up, and was thinned.</summary>
    Downsampled,
}

public static class GapReasonNames
{
    /// <summary>The reason's name in payloads and metrics.</summary>
    public static string Name(this GapReason reason) => reason switch
    {
        GapReason.Size => "size",
        GapReason.Age => "age",
        GapReason.Expired => "expired",
        GapReason.Superseded => "superseded",
        GapReason.Refused => "refused",
        GapReason.Poison => "poison",
        GapReason.Quarantine => "quarantine",
        GapReason.Operator => "operator",
        GapReason.Storage => "storage",
        GapReason.Downsampled => "downsampled",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
