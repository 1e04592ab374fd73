using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>What the broker remembers of a client, with or without a connection (MQTT 5.0 §4.1). In memory: it does not survive a restart.</summary>
internal sealed class Session(string clientId, OutboundQueue queue, SubscriptionTable table)
{
    /// <summary>Far more than any honest client has; a hostile one cannot fill the memory with filters.</summary>
    private const int MaximumSubscriptions = 32_768;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _filters = new(StringComparer.Ordinal);
    private Rights _rights = Rights.None;
    private bool _ended;
    private int _overflowing;

    public string ClientId => clientId;

    public OutboundQueue Queue => queue;

    public ReceivedIds Received { get; } = new();

    /// <summary>The connection that owns it now; guarded by <see cref="SessionRegistry"/>, like all that follows.</summary>
    public ClientConnection? Connection { get; set; }

    public Will? Will { get; set; }

    /// <summary>As whom its client was let in last: the session is that user's, and nobody else resumes it.</summary>
    public ClientIdentity Identity { get; private set; } = ClientIdentity.Anonymous;

    /// <summary>What its client may publish and be sent. Read by any thread.</summary>
    public Rights Rights => Volatile.Read(ref _rights);

    /// <summary>See <see cref="SessionRequest.Weight"/>, as of the last CONNECT.</summary>
    public long Weight { get; set; }

    /// <summary>How long it lives without a connection; zero: not at all.</summary>
    public TimeSpan Expiry { get; set; }

    /// <summary>When its connection ended, as a timestamp.</summary>
    public long DetachedAt { get; set; }

    /// <summary>For the delayed will and the expiry; null while connected.</summary>
    public ITimer? Timer { get; set; }

    /// <summary>From now on it is this client's, with these rights; what waits and may no longer be sent to it is dropped.</summary>
    public void Grant(ClientIdentity identity, Rights rights)
    {
        Identity = identity;
        if (ReferenceEquals(Interlocked.Exchange(ref _rights, rights), rights))
        {
            return;
        }

        bool isSubscribed;
        lock (_lock)
        {
            isSubscribed = _filters.Count > 0;
        }

        if (isSubscribed)
        {
            table.Forget();
            queue.Forbid(rights);
        }
    }

    /// <returns>Whether the subscription is new, or null if there are too many.</returns>
    public bool? Subscribe(Subscription options)
    {
        lock (_lock)
        {
            if (_ended || ((_filters.Count >= MaximumSubscriptions || !table.HasRoom) && !_filters.Contains(options.Filter)))
            {
                return null;
            }

            var isNew = _filters.Add(options.Filter);
            table.Add(this, options);
            return isNew;
        }
    }

    /// <returns>false: there was no such subscription.</returns>
    public bool Unsubscribe(string filter)
    {
        lock (_lock)
        {
            if (!_filters.Remove(filter))
            {
                return false;
            }

            table.Remove(this, filter);
            return true;
        }
    }

    /// <summary>Nothing is remembered any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var filter in _filters)
            {
                table.Remove(this, filter);
            }

            _filters.Clear();
        }

        queue.Clear();
    }

    /// <summary>Whether this is the first overflow since a client was here: logs tell transitions.</summary>
    public bool BeginsToOverflow() => Interlocked.Exchange(ref _overflowing, 1) == 0;

    public void EndOverflow() => Volatile.Write(ref _overflowing, 0);
}
