namespace Gateway.Adapters.Heard;

/// <summary>What was heard on a link and waits for its counter to be on the disk, in its order. Belongs to the link's task.</summary>
/// <param name="book">null: no device of the link has a key, and nothing waits.</param>
/// <param name="most">So many may wait; for one more, marks are written before their time, rather than that a message is lost.</param>
/// <param name="take">Hands a message on; false: it still waits.</param>
internal sealed class HeldMessages<T>(CounterBook? book, int most, Func<T, bool> take)
{
    private readonly Queue<T> _waiting = new();
    private bool _isTold;

    public void Hold(T message)
    {
        if (_waiting.Count >= most)
        {
            Rest();
        }

        _waiting.Enqueue(message);
    }

    /// <summary>Hands on what need not wait any longer. To be called before a newer message is, which was heard later.</summary>
    public void Release()
    {
        while (_waiting.TryPeek(out var message) && take(message))
        {
            _waiting.Dequeue();
        }
    }

    /// <summary>Writes what is due, and hands on what waited for it. To be called about once a second.</summary>
    /// <returns>Why marks cannot be kept, once when that begins; null: nothing new.</returns>
    public string? Step()
    {
        book?.Step();
        Release();
        var problem = book?.Problem;
        var news = _isTold ? null : problem;
        _isTold = problem is not null;
        return news;
    }

    /// <inheritdoc cref="CounterBook.Rest"/>
    public void Rest()
    {
        book?.Rest();
        Release();
    }

    /// <summary>A new run of the link begins.</summary>
    public void Clear() => _waiting.Clear();
}
