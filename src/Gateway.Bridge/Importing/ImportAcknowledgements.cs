using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>Imports that wait until what they caused is durable, in the order in which they came; then upstream hears PUBACK.</summary>
/// <remarks>Bounded by the Receive Maximum that the client advertised. One for the life of a bridge, because observers register for life.</remarks>
internal sealed class ImportAcknowledgements : IDurabilityObserver
{
    private readonly IDurability _durability;
    private readonly Lock _lock = new();
    private readonly Queue<(long Ticket, long Lsn, ReasonCode Reason)> _waiting = new();
    private long _durable;
    private MqttClient? _client;
    private Action? _broken;

    public ImportAcknowledgements(IDurability durability)
    {
        _durability = durability;
        durability.Register(this);
    }

    /// <summary>A new connection: what waited for the old one will be sent again.</summary>
    /// <param name="client">Where to acknowledge.</param>
    /// <param name="broken">Called when the journal failed: nothing more is acknowledged on this connection.</param>
    public void Begin(MqttClient client, Action broken)
    {
        lock (_lock)
        {
            _waiting.Clear();
            (_client, _broken) = (client, broken);
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _waiting.Clear();
            (_client, _broken) = (null, null);
        }
    }

    /// <summary>Whether imports are taken on this connection.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _client is not null;
            }
        }
    }

    public void Add(long ticket, long lsn, ReasonCode reason)
    {
        // Read outside the lock: the journal calls us under locks of its own.
        var durable = _durability.DurableLsn;
        lock (_lock)
        {
            if (_client is null)
            {
                return;
            }

            _waiting.Enqueue((ticket, lsn, reason));
            Release(durable);
        }
    }

    /// <summary>The journal takes nothing: leaves everything unacknowledged, for upstream to send again.</summary>
    public void Break()
    {
        Action? broken;
        lock (_lock)
        {
            _waiting.Clear();
            (broken, _client, _broken) = (_broken, null, null);
        }

        broken?.Invoke();
    }

    public void OnDurable(long lsn)
    {
        lock (_lock)
        {
            Release(lsn);
        }
    }

    public void OnFailed(long lsn)
    {
        bool affected;
        lock (_lock)
        {
            affected = _waiting.TryPeek(out var oldest) && oldest.Lsn <= lsn;
        }

        if (affected)
        {
            Break();
        }
    }

    private void Release(long durable)
    {
        _durable = Math.Max(_durable, durable);
        while (_client is not null && _waiting.TryPeek(out var oldest) && oldest.Lsn <= _durable)
        {
            _waiting.Dequeue();
            _client.Acknowledge(oldest.Ticket, oldest.Reason);
        }
    }
}
