namespace Gateway.Adapters.Lora;

/// <summary>What the counter of a frame says about it.</summary>
internal enum CounterVerdict : byte
{
    /// <summary>Newer than all before.</summary>
    New,

    /// <summary>Newer, and not to be handed on before its counter is on the disk: it is to be shown again when a second has passed.</summary>
    Held,

    /// <summary>The same frame again: sent twice, or heard twice.</summary>
    Repeated,

    /// <summary>The node counts from the beginning; only without a key.</summary>
    Restarted,

    /// <summary>Older than what was accepted: with a key somebody may be playing back what they recorded.</summary>
    Replayed,
}

/// <summary>Follows the counter of one node.</summary>
/// <param name="isGuarded">With a key: nothing old is ever accepted.</param>
/// <param name="last">The last accepted one of before; null: none is known, the first that comes is taken.</param>
internal sealed class NodeCounter(bool isGuarded, uint? last)
{
    /// <summary>1,000: a node that was out of reach for longer has mostly been restarted, and the number of lost frames would be invented.</summary>
    private const uint LongestGap = 1000;

    /// <summary>The last accepted one; null: none.</summary>
    public uint? Last { get; private set; } = last;

    /// <summary>Frames that were sent and did not arrive, since the start.</summary>
    public long Lost { get; private set; }

    /// <summary>Whether a frame is new, without accepting it.</summary>
    public CounterVerdict Judge(uint counter) =>
        Last is not { } before || counter > before ? CounterVerdict.New
        : counter == before ? CounterVerdict.Repeated
        : isGuarded ? CounterVerdict.Replayed : CounterVerdict.Restarted;

    /// <summary>Accepts it; only after its tag was checked.</summary>
    /// <returns>Frames that are missing in front of it; null: that cannot be told.</returns>
    public long? Accept(uint counter)
    {
        var missing = Last is { } before && counter > before && counter - before <= LongestGap ? counter - before - 1 : (long?)null;
        Last = counter;
        Lost += missing ?? 0;
        return missing;
    }
}
