using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>Who wants what. Finding them costs one look-up for a topic that was used since the last change, and one walk of its levels otherwise.</summary>
/// <param name="limit">Bytes that all filters together may take.</param>
internal sealed class SubscriptionTable(long limit)
{
    /// <summary>Objects around one subscription, roughly.</summary>
    private const int Overhead = 200;

    [ThreadStatic]
    private static List<SubscriberSet>? s_found;

    private readonly TopicTree<SubscriberSet> _filters = new();
    private RouteCache _cache = new();
    private long _count;
    private long _bytes;

    /// <summary>Subscriptions of all clients.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Whether one more filter may come; the last may exceed the limit by its own size.</summary>
    public bool HasRoom => Interlocked.Read(ref _bytes) + ((long)_filters.Nodes * TopicTree<SubscriberSet>.NodeBytes) < limit;

    public Route Find(string topic)
    {
        // The cache is taken before the tree is searched: a route from before a change can never get into the cache made after it.
        var cache = Volatile.Read(ref _cache);
        if (cache.TryGet(topic, out var known))
        {
            return known;
        }

        var found = s_found ??= [];
        _filters.FindFilters(topic, found);
        var route = Route.Join(topic, found);
        found.Clear();
        cache.Add(topic, route);
        return route;
    }

    /// <summary>Adds or replaces the session's subscription.</summary>
    public void Add(Session session, Subscription options)
    {
        var before = _filters.Change(options.Filter, new Subscriber(session, null, options), static (set, entry) => SubscriberSet.With(set, entry));
        if (before is null || !before.Entries.Any(e => e.Session == session))
        {
            Interlocked.Increment(ref _count);
            Interlocked.Add(ref _bytes, CostOf(options.Filter));
        }

        Forget();
    }

    public void Remove(Session session, string filter)
    {
        _filters.Change(filter, session, static (set, gone) => SubscriberSet.Without(set, gone));
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -CostOf(filter));
        Forget();
    }

    /// <summary>Within the process.</summary>
    public IDisposable Add(string filter, Action<MqttMessage> deliver)
    {
        var entry = new Subscriber(null, deliver, new Subscription(filter, QualityOfService.ExactlyOnce));
        _filters.Change(filter, entry, static (set, added) => SubscriberSet.With(set, added));
        Forget();
        return new LocalSubscription(this, entry);
    }

    private static int CostOf(string filter) => Overhead + (sizeof(char) * filter.Length);

    /// <summary>Routes are found anew: a subscription has changed, or what a client may read.</summary>
    public void Forget()
    {
        // The change must be seen before the cache is: who has taken the cache without being seen here has yet to search.
        Interlocked.MemoryBarrier();
        if (_cache.IsInUse)
        {
            Volatile.Write(ref _cache, new RouteCache());
        }
    }

    private sealed class LocalSubscription(SubscriptionTable table, Subscriber entry) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                table._filters.Change(entry.Options.Filter, entry, static (set, gone) => SubscriberSet.Without(set, gone));
                table.Forget();
            }
        }
    }
}
