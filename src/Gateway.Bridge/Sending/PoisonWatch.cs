namespace Gateway.Bridge;

/// <summary>Finds the entry that ends the connection again and again, in one lane.</summary>
/// <remarks>Only endings that upstream caused count: a dead line or a broker that stops says nothing about a message.</remarks>
internal sealed class PoisonWatch
{
    /// <summary>Connections that end with the same oldest entry in flight before it is sent alone.</summary>
    public const int Suspicious = 3;

    private ulong _seq;
    private int _count;

    /// <summary>The entry that must be sent alone.</summary>
    public ulong? Suspect => _count >= Suspicious ? _seq : null;

    /// <summary>A connection ended.</summary>
    /// <param name="oldest">The oldest entry that was in flight; null: none.</param>
    /// <param name="alone">Nothing else was in flight.</param>
    /// <param name="careful">Entries are being sent one by one after a suspect passed: the culprit may be near.</param>
    /// <returns>true: this entry is poison.</returns>
    public bool ConnectionEnded(ulong? oldest, bool alone, bool careful)
    {
        if (oldest is not { } seq)
        {
            return false;
        }

        if (Suspect == seq && alone)
        {
            _count = 0;
            return true;
        }

        _count = careful ? Suspicious : _seq == seq ? _count + 1 : 1;
        _seq = seq;
        return false;
    }

    /// <summary>The entry is gone: acknowledged or dropped.</summary>
    /// <returns>true: it was the suspect.</returns>
    public bool Passed(ulong seq)
    {
        if (_count == 0 || _seq != seq)
        {
            return false;
        }

        var was = Suspect is not null;
        _count = 0;
        return was;
    }
}
