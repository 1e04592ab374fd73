using System.Collections.Concurrent;

namespace Gateway.Broker;

/// <summary>Routes of topics used lately. It is thrown away as a whole when a subscription changes or when it is full.</summary>
internal sealed class RouteCache
{
    /// <summary>Topics: more than a gateway's devices have points.</summary>
    private const int MaximumTopics = 16_384;

    /// <summary>Targets of all routes together, so that many topics with many subscribers do not take the memory.</summary>
    private const int MaximumTargets = 262_144;

    /// <summary>UTF-16 units; longer topics are searched each time, lest the cache's keys alone take 2 GB.</summary>
    private const int LongestTopic = 512;

    private readonly ConcurrentDictionary<string, Route> _routes = new(StringComparer.Ordinal);
    private int _inUse;
    private int _topics;
    private int _targets;

    /// <summary>Somebody has looked, and may be about to add what it finds.</summary>
    public bool IsInUse => Volatile.Read(ref _inUse) != 0;

    public bool TryGet(string topic, out Route route)
    {
        if (!IsInUse)
        {
            // Fully fenced: the search that follows must not begin before others see this.
            Interlocked.Exchange(ref _inUse, 1);
        }

        return _routes.TryGetValue(topic, out route!);
    }

    public void Add(string topic, Route route)
    {
        if (topic.Length > LongestTopic)
        {
            return;
        }

        if (Interlocked.Increment(ref _topics) > MaximumTopics || Interlocked.Add(ref _targets, route.Size) > MaximumTargets)
        {
            _routes.Clear();
            Volatile.Write(ref _targets, 0);
            Volatile.Write(ref _topics, 1);
        }

        _routes.TryAdd(topic, route);
    }
}
