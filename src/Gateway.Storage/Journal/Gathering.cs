namespace Gateway.Storage;

/// <summary>Whether a commit should wait a moment for the publishers whom the last one released: each comes back with its next message.</summary>
/// <remarks>
/// Without it they split into two halves that take turns, one waiting while the other's commit is on its way: two syncs for what one could carry, which halves
/// the rate on a slow card; and what nobody waits for (cursors) would take a sync of its own. The wait is at most half a sync, ends when as many wait as did last
/// time, and is left out for a while after it was in vain.
/// For the journal's thread, except <see cref="Expected"/>.
/// </remarks>
internal sealed class Gathering
{
    /// <summary>5 ms: whoever has not come back by then has something else to do.</summary>
    public const int Longest = 5;

    /// <summary>So many commits are not delayed after a wait for which nobody came.</summary>
    public const int Rest = 16;

    private int _expected;
    private int _patience;
    private int _resting;

    /// <summary>How many wait when all are there; whose append makes it so many asks for a turn. Any thread.</summary>
    public int Expected => Volatile.Read(ref _expected);

    /// <summary>A commit is durable.</summary>
    /// <param name="released">How many waited for it.</param>
    /// <param name="waiting">How many wait for the next one by now.</param>
    /// <param name="sync">How long it took. Below 2 ms there is no wait: timers are no finer than one.</param>
    public void Committed(int released, int waiting, TimeSpan sync)
    {
        Volatile.Write(ref _expected, released + waiting);
        _patience = (int)Math.Min(sync.TotalMilliseconds / 2, Longest);
        _resting = Math.Max(0, _resting - 1);
    }

    /// <summary>Milliseconds that the next commit may wait for more; 0: it should begin.</summary>
    /// <param name="waiting">How many wait for it.</param>
    public int Patience(int waiting) => waiting >= _expected || _resting > 0 ? 0 : _patience;

    /// <summary>A wait is over.</summary>
    /// <param name="came">Somebody came.</param>
    public void Waited(bool came) => _resting = came ? 0 : Rest;
}
