namespace Gateway.Bridge;

/// <summary>Sequence numbers that were sent and not answered, oldest first.</summary>
internal sealed class InflightRing(int capacity)
{
    private readonly (ulong Seq, string Topic, bool Done)[] _ring = new (ulong, string, bool)[capacity];
    private long _head;
    private long _next;

    public bool IsFull => _next - _head == capacity;

    /// <summary>The oldest number that has no answer.</summary>
    public ulong? Oldest => _head < _next ? _ring[_head % capacity].Seq : null;

    /// <summary>The place that the next number gets: what its answer will name.</summary>
    public long NextPlace => _next;

    public void Add(ulong seq, string topic) => _ring[_next++ % capacity] = (seq, topic, false);

    /// <summary>An answer came.</summary>
    /// <returns>The number that had this place, and its topic.</returns>
    public (ulong Seq, string Topic) Complete(long place)
    {
        ref var entry = ref _ring[place % capacity];
        var answered = (entry.Seq, entry.Topic);
        entry.Done = true;
        while (_head < _next && _ring[_head % capacity].Done)
        {
            _head++;
        }

        return answered;
    }
}
