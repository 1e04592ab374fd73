namespace Gateway.Metering;

/// <summary>One instrument under one set of labels. Adding is lock-free.</summary>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] tags, string labels, int buckets)
{
    private readonly long[] _buckets = new long[buckets];
    private double _value;
    private long _count;

    /// <summary>As they stand between braces in the text format; empty without labels.</summary>
    public string Labels { get; } = labels;

    /// <summary>Sum of all measurements; the value itself for what is observed.</summary>
    public double Value => Volatile.Read(ref _value);

    public long Count => Interlocked.Read(ref _count);

    public long Bucket(int index) => Interlocked.Read(ref _buckets[index]);

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> others)
    {
        if (others.Length != tags.Length)
        {
            return false;
        }

        for (var i = 0; i < tags.Length; i++)
        {
            if (!ReferenceEquals(tags[i].Key, others[i].Key) && tags[i].Key != others[i].Key)
            {
                return false;
            }

            if (!ReferenceEquals(tags[i].Value, others[i].Value) && !Equals(tags[i].Value, others[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    public void Add(double value, ReadOnlySpan<double> bounds)
    {
        for (var i = 0; i < bounds.Length; i++)
        {
            if (value <= bounds[i])
            {
                Interlocked.Increment(ref _buckets[i]);
                break;
            }
        }

        Interlocked.Increment(ref _count);
        double before, after;
        do
        {
            before = Volatile.Read(ref _value);
            after = before + value;
        }
        while (Interlocked.CompareExchange(ref _value, after, before) != before);
    }

    /// <summary>Forgets what was observed last time.</summary>
    public void Clear()
    {
        Volatile.Write(ref _value, 0);
        Interlocked.Exchange(ref _count, 0);
    }
}
