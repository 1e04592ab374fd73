using Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

/// <summary>All sessions by client identifier: who owns which, and when they end. Wills leave from here.</summary>
/// <remarks>One lock for what happens at most once per connection; nothing is published or closed while it is held.</remarks>
/// <param name="maximumClients">Clients at a time.</param>
/// <param name="maximumWeight">Bytes of all sessions' identifiers and wills; their queues are counted elsewhere.</param>
/// <param name="create">Makes the session of a client identifier.</param>
/// <param name="publishWill">Publishes the will of a session, which may have ended.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed class SessionRegistry(
    int maximumClients, long maximumWeight, Func<string, Session> create, Action<Session, MqttMessage> publishWill, TimeProvider time, ILogger logger)
{
    /// <summary>Sessions without a client that are remembered, per client that may be connected; beyond, the one that is away longest ends.</summary>
    private const int SessionsPerClient = 4;

    /// <summary>1 day: timers end at 49 days, sessions may live for a year.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private int _connected;
    private long _weight;

    public int Connected => Volatile.Read(ref _connected);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Gives the connection its session, taking it from another connection if need be (MQTT-3.1.4-3).</summary>
    public SessionAttachment Attach(ClientConnection connection, in SessionRequest request)
    {
        var wills = new List<(Session Session, Will Will)>();
        ClientConnection? replaced;
        SessionAttachment attachment;
        lock (_lock)
        {
            attachment = Attach(connection, request, wills, out replaced);
        }

        replaced?.Close(ReasonCode.SessionTakenOver);
        foreach (var (session, will) in wills)
        {
            Publish(session, will);
        }

        return attachment;
    }

    /// <summary>The connection is gone.</summary>
    /// <param name="connection">Nothing happens if the session belongs to another by now.</param>
    /// <param name="session">Its session.</param>
    /// <param name="keepWill">false: the client said goodbye, its will is void (MQTT-3.1.2-10).</param>
    /// <param name="expiry">What DISCONNECT said; null: as in CONNECT.</param>
    public void Detach(ClientConnection connection, Session session, bool keepWill, TimeSpan? expiry)
    {
        Will? will = null;
        lock (_lock)
        {
            if (session.Connection != connection)
            {
                return;
            }

            _connected--;
            session.Connection = null;
            session.DetachedAt = time.GetTimestamp();
            session.Expiry = expiry ?? session.Expiry;
            session.Will = keepWill ? session.Will : null;
            session.Queue.Detach(connection.Writer);
            if (session.Expiry == TimeSpan.Zero)
            {
                will = session.Will;
                End(session);
            }
            else
            {
                will = Schedule(session);
            }
        }

        Publish(session, will);
    }

    /// <summary>The session of a client identifier; null: there is none.</summary>
    public Session? Find(string clientId)
    {
        lock (_lock)
        {
            return _sessions.GetValueOrDefault(clientId);
        }
    }

    /// <summary>The session with the most bytes queued; null: there is none.</summary>
    public Session? Heaviest()
    {
        lock (_lock)
        {
            return _sessions.Values.MaxBy(s => s.Queue.Bytes);
        }
    }

    /// <summary>The connection that the session has now.</summary>
    public ClientConnection? ConnectionOf(Session session)
    {
        lock (_lock)
        {
            return session.Connection;
        }
    }

    /// <summary>Gives every session the rights that its client has now; sessions whose user is gone end when their connection has.</summary>
    /// <param name="judge">Why a client may not stay; Success: it may.</param>
    /// <param name="rightsOf">What it may do.</param>
    /// <returns>Connections to be closed, and why.</returns>
    public IReadOnlyList<(ClientConnection Connection, ReasonCode Reason)> Review(Func<ClientIdentity, ReasonCode> judge, Func<Session, Rights> rightsOf)
    {
        var leaving = new List<(ClientConnection, ReasonCode)>();
        lock (_lock)
        {
            foreach (var session in _sessions.Values.ToArray())
            {
                var verdict = judge(session.Identity);
                if (verdict != ReasonCode.Success && session.Connection is { } connection)
                {
                    leaving.Add((connection, verdict));
                }

                if (verdict != ReasonCode.NotAuthorized)
                {
                    session.Grant(session.Identity, rightsOf(session));
                }
                else
                {
                    // Who is locked out leaves no will either: it may have been meant for this moment.
                    session.Grant(session.Identity, Rights.None);
                    session.Expiry = TimeSpan.Zero;
                    if (session.Connection is null)
                    {
                        End(session);
                    }
                }
            }
        }

        return leaving;
    }

    public IReadOnlyList<ClientConnection> Connections()
    {
        lock (_lock)
        {
            return [.. _sessions.Values.Select(s => s.Connection).OfType<ClientConnection>()];
        }
    }

    private SessionAttachment Attach(
        ClientConnection connection, in SessionRequest request, List<(Session Session, Will Will)> wills, out ClientConnection? replaced)
    {
        replaced = null;
        _sessions.TryGetValue(request.ClientId, out var known);
        if ((known?.Connection is null && _connected >= maximumClients) || !MakeRoom(known, request.Weight - (known?.Weight ?? 0), wills))
        {
            return default;
        }

        // A session that lives no longer than its connection ends with the one that is replaced.
        replaced = known?.Connection;
        // Nobody resumes what another user subscribed to and has waiting.
        var ends = known is not null && (request.CleanStart || known.Identity.User != request.Identity.User || (replaced is not null && known.Expiry == TimeSpan.Zero));
        if (known?.Will is { } will && (ends || (replaced is not null && will.DelayInterval == 0)))
        {
            wills.Add((known, will));
        }

        var present = known is not null && !ends;
        if (ends)
        {
            known!.Connection = null;
            End(known);
        }

        var session = present ? known! : Create(request.ClientId);
        _connected += replaced is null ? 1 : 0;
        _weight += request.Weight - session.Weight;
        session.Weight = request.Weight;
        session.Timer?.Dispose();
        session.Timer = null;
        session.Connection = connection;
        session.Will = request.Will;
        session.Expiry = request.Expiry;
        session.EndOverflow();
        session.Grant(request.Identity, request.Rights);
        session.Queue.Attach(connection.Writer, request.ReceiveMaximum);
        return new SessionAttachment(session, present);
    }

    /// <summary>Ends the sessions that have been away for longest until the one that comes has room.</summary>
    /// <param name="coming">Its session, if it has one.</param>
    /// <param name="weight">What it adds.</param>
    /// <param name="wills">Gets the wills of those that end (MQTT 5.0 §3.1.2.5).</param>
    /// <returns>false: there is no room, nor anybody to send away.</returns>
    private bool MakeRoom(Session? coming, long weight, List<(Session Session, Will Will)> wills)
    {
        while ((coming is null && _sessions.Count >= maximumClients * SessionsPerClient) || (weight > 0 && _weight + weight > maximumWeight))
        {
            if (_sessions.Values.Where(s => s.Connection is null && s != coming).MinBy(s => s.DetachedAt) is not { } oldest)
            {
                return false;
            }

            SessionLog.Evicted(logger, LogName.Of(oldest.ClientId));
            if (oldest.Will is { } will)
            {
                wills.Add((oldest, will));
            }

            End(oldest);
        }

        return true;
    }

    private Session Create(string clientId)
    {
        var session = create(clientId);
        _sessions.Add(clientId, session);
        return session;
    }

    private void End(Session session)
    {
        session.Timer?.Dispose();
        session.Timer = null;
        _sessions.Remove(session.ClientId);
        _weight -= session.Weight;
        session.End();
    }

    /// <summary>Waits for the next thing that happens to a session without a connection.</summary>
    /// <returns>The will, if it is due.</returns>
    private Will? Schedule(Session session)
    {
        var away = time.GetElapsedTime(session.DetachedAt);
        var due = session.Expiry;
        Will? will = null;
        if (session.Will is { } pending)
        {
            var delay = TimeSpan.FromSeconds(pending.DelayInterval);
            if (delay <= away || due <= away)
            {
                will = pending;
                session.Will = null;
            }
            else if (delay < due)
            {
                due = delay;
            }
        }

        if (session.Expiry <= away)
        {
            SessionLog.Expired(logger, LogName.Of(session.ClientId));
            End(session);
            return will;
        }

        var wait = due - away;
        session.Timer?.Dispose();
        session.Timer = time.CreateTimer(_ => OnTimer(session), null, wait < s_longestWait ? wait : s_longestWait, Timeout.InfiniteTimeSpan);
        return will;
    }

    private void OnTimer(Session session)
    {
        Will? will;
        lock (_lock)
        {
            if (session.Connection is not null || !_sessions.TryGetValue(session.ClientId, out var current) || current != session)
            {
                return;
            }

            will = Schedule(session);
        }

        Publish(session, will);
    }

    private void Publish(Session session, Will? will)
    {
        if (will is not null)
        {
            publishWill(session, will.Message);
        }
    }
}
