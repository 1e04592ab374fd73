namespace Gateway.Storage;

/// <summary>What opening a journal found.</summary>
public sealed record JournalReport
{
    /// <summary>No journal was there: this is a new one.</summary>
    public bool IsNew { get; init; }

    /// <summary>Commits that were read to find out how things stand.</summary>
    public long Commits { get; init; }

    /// <summary>Segments that hold something.</summary>
    public int Segments { get; init; }

    /// <summary>Bytes of a torn last commit that were cut off. Nobody had been promised them.</summary>
    public long CutBytes { get; init; }

    /// <summary>Messages that had been promised and cannot be read; they are gaps of their streams.</summary>
    public ulong Lost { get; init; }

    /// <summary>Damaged files.</summary>
    public IReadOnlyList<QuarantinedFile> Quarantined { get; init; } = [];

    public TimeSpan Duration { get; init; }
}
