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
        lock (_lock)
        {
            if (_client is null)
            {
                return;
            }

            _waiting.Enqueue((ticket, lsn, reason));
        }

        Look();
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

    public void OnDurable(long lsn) => Look();

    public void OnFailed(long lsn) => Look();

    private void Look()
    {
        bool failed;
        lock (_lock)
        {
            failed = !TryRelease();
        }

        if (failed)
        {
            Break();
        }
    }

    /// <returns>false: what the next one caused was lost.</returns>
    private bool TryRelease()
    {
        while (_client is not null && _waiting.TryPeek(out var oldest) && _durability.StateOf(oldest.Lsn) is var state and not LsnState.Waiting)
        {
            if (state == LsnState.Failed)
            {
                return false;
            }

            _waiting.Dequeue();
            _client.Acknowledge(oldest.Ticket, oldest.Reason);
        }

        return true;
    }
}
