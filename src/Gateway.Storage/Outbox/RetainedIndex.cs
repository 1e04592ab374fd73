using System.Text;

namespace Gateway.Storage;

/// <summary>The newest entry of each retained topic in a stream: an older one that still waits when its turn comes is superseded. Guarded by the stream.</summary>
internal sealed class RetainedIndex(RetainedBudget budget)
{
    /// <summary>What a topic takes beyond its text, in memory and restated on disk.</summary>
    private const int Overhead = 16;

    private readonly Dictionary<string, ulong> _newest = [];

    private static int Cost(string topic) => Encoding.UTF8.GetByteCount(topic) + Overhead;

    /// <summary>Topics beyond the budget are not conflated: all their messages are sent.</summary>
    public void Set(string topic, ulong seq)
    {
        if (_newest.ContainsKey(topic) || budget.TryTake(Cost(topic)))
        {
            _newest[topic] = seq;
        }
    }

    public bool IsSuperseded(string topic, ulong seq) => _newest.TryGetValue(topic, out var newest) && newest > seq;

    /// <summary>The entry is done: if it was the newest, its topic has none that waits.</summary>
    public void Remove(string topic, ulong seq)
    {
        if (_newest.TryGetValue(topic, out var newest) && newest <= seq)
        {
            _newest.Remove(topic);
            budget.Return(Cost(topic));
        }
    }

    /// <summary>What is to be restated: topics whose newest entry waits.</summary>
    public List<KeyValuePair<string, ulong>> Waiting(ulong oldest)
    {
        foreach (var (topic, seq) in _newest)
        {
            if (seq < oldest)
            {
                Remove(topic, seq);
            }
        }

        return [.. _newest];
    }
}

/// <summary>What the retained indices of all streams may take together: they are restated in each segment.</summary>
internal sealed class RetainedBudget(long limit)
{
    private long _left = limit;

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _left, bytes);
        return false;
    }

    public void Return(int bytes) => Interlocked.Add(ref _left, bytes);
}
