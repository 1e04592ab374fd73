namespace Gateway.Storage;

/// <summary>The one number on which acknowledgements wait.</summary>
public interface IDurability
{
    /// <summary>Everything appended with an LSN up to this one survives a power cut.</summary>
    long DurableLsn { get; }

    /// <summary>What became of an append. 0 is nothing to wait for.</summary>
    /// <remarks>A later commit makes <see cref="DurableLsn"/> pass what failed: that alone does not tell.</remarks>
    LsnState StateOf(long lsn);

    /// <summary>Registers for life; called on the journal's thread after each commit, in order. Must not block nor throw.</summary>
    void Register(IDurabilityObserver observer);
}

/// <summary>What became of an append.</summary>
public enum LsnState : byte
{
    /// <summary>It survives a power cut.</summary>
    Durable,

    /// <summary>Its commit has not ended yet.</summary>
    Waiting,

    /// <summary>The disk failed before: it must not be acknowledged.</summary>
    Failed,
}

public interface IDurabilityObserver
{
    /// <summary>Everything up to <paramref name="lsn"/> is durable.</summary>
    void OnDurable(long lsn);

    /// <summary>What is not yet durable up to <paramref name="lsn"/> must not be acknowledged: the disk failed. Called before any later <see cref="OnDurable"/>.</summary>
    void OnFailed(long lsn);
}
