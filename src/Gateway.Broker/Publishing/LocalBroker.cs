using System.Net;
using Gateway.Configuration;
using Gateway.Mqtt;
using Gateway.Storage;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

/// <summary>The LAN broker: every message that enters the gateway passes <see cref="Publish"/>.</summary>
public sealed class LocalBroker : ILocalBroker
{
    /// <summary>Memory for topic filters, in shares of the memory for queues: by default some 200,000 subscriptions, and never what a client's filters of 65,535 levels would take.</summary>
    private const int FilterShares = 2;

    /// <summary>Lock-outs that status names one by one.</summary>
    private const int MostNotices = 5;

    [ThreadStatic]
    private static List<MqttMessage>? s_retained;

    private readonly LoopGuard _guard;
    private readonly ForwardSelector _forward;
    private readonly AccessControl _access;
    private readonly LoginDesk _desk;
    private readonly OverflowPolicy _overflow;
    private readonly Lock _attaching = new();
    private volatile Action<AccessAlert>? _alerted;
    private volatile BrokerOptions _options;
    private volatile IPublishInterceptor[] _interceptors = [];

    /// <exception cref="BrokerStartException">The users, the ACL file or a certificate cannot be used.</exception>
    public LocalBroker(BrokerOptions options, string gatewayId, IOutbox outbox, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        Time = time;
        var logger = loggers.CreateLogger<LocalBroker>();
        _guard = new LoopGuard(gatewayId);
        _forward = new ForwardSelector(outbox);
        Log = logger;
        _access = new AccessControl(ReadPolicy(options));
        Budget = new MemoryBudget(options.Limits.Memory);
        Subscriptions = new SubscriptionTable(options.Limits.Memory * FilterShares);
        Retained = new RetainedStore(options.Limits.Memory, time);
        Gate = new DurabilityGate(outbox.Durability);
        outbox.Durability.Register(Gate);
        _desk = new LoginDesk(_access, Counters, Alert, time, logger);
        Handshake = new Handshake(_access, _desk, options.Limits, time);
        Listeners = new BrokerListeners(options, new LogPace(time), logger);
        Sessions = new SessionRegistry(options.Limits.Clients, options.Limits.Memory, CreateSession, PublishWill, time, logger);
        _overflow = new OverflowPolicy(Sessions, Budget, logger);
    }

    /// <summary>Where clients connect to.</summary>
    public BrokerListeners Listeners { get; }

    internal BrokerOptions Options
    {
        get => _options;
        private set => _options = value;
    }

    internal ILogger Log { get; }

    internal TimeProvider Time { get; }

    internal BrokerCounters Counters { get; } = new();

    internal SubscriptionTable Subscriptions { get; }

    internal RetainedStore Retained { get; }

    internal DurabilityGate Gate { get; }

    internal Handshake Handshake { get; }

    internal SessionRegistry Sessions { get; }

    /// <summary>The listeners with TLS.</summary>
    internal IReadOnlyList<TlsListener> Tls => Listeners.Tls;

    internal MemoryBudget Budget { get; }

    /// <inheritdoc />
    public PublishResult Publish(MqttMessage message, bool acknowledged)
    {
        if (_guard.IsLoop(message))
        {
            Counters.Drop(DropReason.Looped);
            return new PublishResult(PublishStatus.Looped, 0);
        }

        var store = message.Retain;
        if (store && !Retained.HasRoom(message))
        {
            Counters.Drop(DropReason.RetainedFull);
            return new PublishResult(PublishStatus.QuotaExceeded, 0);
        }

        var lsn = 0L;
        var wanted = false;
        foreach (var interceptor in _interceptors)
        {
            var taken = interceptor.Intercept(message);
            wanted |= taken.Handled;
            store &= !taken.DropRetain;
            lsn = Math.Max(lsn, taken.Result.Lsn);
            if (taken.Result.Status != AppendStatus.Accepted)
            {
                return Refused(taken.Result.Status);
            }
        }

        if (_forward.TryAppend(message, acknowledged, out var appended))
        {
            wanted = true;
            lsn = Math.Max(lsn, appended.Lsn);
            if (appended.Status != AppendStatus.Accepted)
            {
                // Who waits is told and tries again; what nobody waits for goes on to the LAN.
                if (acknowledged)
                {
                    return Refused(appended.Status);
                }

                Counters.Drop(DropReason.Outbox);
            }
        }

        if (store)
        {
            Retained.Set(message);
        }

        wanted |= Deliver(message);
        return new PublishResult(wanted ? PublishStatus.Accepted : PublishStatus.NoMatchingSubscribers, lsn);
    }

    /// <inheritdoc />
    public IDisposable Subscribe(string filter, Action<MqttMessage> deliver) =>
        TopicFilter.IsValid(filter) ? Subscriptions.Add(filter, deliver) : throw new ArgumentException($"'{filter}' is no topic filter", nameof(filter));

    /// <inheritdoc />
    public void Attach(IForwardTarget target) => _forward.Replace(null, target);

    /// <summary>Asks one bridge instead of another from the next message on.</summary>
    /// <param name="before">Is not asked any more; null: the other comes in addition.</param>
    /// <param name="after">Is asked from now on; null: nobody comes instead.</param>
    public void Replace(IForwardTarget? before, IForwardTarget? after) => _forward.Replace(before, after);

    /// <inheritdoc />
    public void Attach(IPublishInterceptor interceptor)
    {
        lock (_attaching)
        {
            _interceptors = [.. _interceptors, interceptor];
        }
    }

    /// <summary>Who hears of what needs a person.</summary>
    public void Attach(Action<AccessAlert> alerted) => _alerted = alerted;

    /// <summary>Reads users, roles, ACL file and certificates again, and forgets who is locked out. Clients whose user is gone or whose password was changed are disconnected; the others go on with the rights that they have now.</summary>
    /// <returns>What is wrong; then everything stays as it was.</returns>
    public IReadOnlyList<Problem> Reload()
    {
        var problems = new ProblemList();
        if (AccessPolicy.TryRead(Options, problems) is { } policy)
        {
            Take(policy);
        }

        foreach (var listener in Tls)
        {
            if (listener.Refresh(isSure: true) is { } problem)
            {
                problems.Error(listener.Options.Position, problem, "correct the files");
            }
        }

        return problems.All;
    }

    /// <summary>Lets clients in by other options from now on, on other listeners: those that are the same object stay open. Limits are for the next start.</summary>
    /// <param name="options">All of them.</param>
    /// <param name="cancellation">Gives up waiting for clients of a listener that closes.</param>
    /// <exception cref="BrokerStartException">Users, rules or certificates cannot be used (then nothing has changed), or a listener cannot be opened.</exception>
    public async Task TakeAsync(BrokerOptions options, CancellationToken cancellation)
    {
        var policy = ReadPolicy(options);
        await Listeners.TakeAsync(options, () => Options = options, cancellation);
        Take(policy);
    }

    /// <summary>Whether whoever sent a message may publish to the topic, too: a client as far as its rights go, while it is here; bridges and the gateway itself always.</summary>
    /// <param name="origin">Where the message came from.</param>
    /// <param name="topic">Topic name.</param>
    public bool MayPublish(MessageOrigin origin, string topic) =>
        origin.ClientId is not { } clientId || Sessions.Find(clientId)?.Rights.MayWrite(topic) == true;

    /// <summary>How it is now.</summary>
    public BrokerStatus Status() => new(
        Listeners.Bound,
        Sessions.Connected,
        Sessions.Count,
        Subscriptions.Count,
        Retained.Count,
        Retained.Bytes,
        Budget.Used,
        Counters.Received,
        Counters.Sent,
        DropReasonNames.All.ToDictionary(reason => reason, Counters.Dropped),
        Notices());

    /// <summary>Ends all connections (Server shutting down, MQTT 5.0 §3.14.2.1).</summary>
    public void CloseAll()
    {
        foreach (var connection in Sessions.Connections())
        {
            connection.Close(ReasonCode.ServerShuttingDown);
        }
    }

    internal void Alert(AccessAlert alert) => _alerted?.Invoke(alert);

    /// <summary>Gives the connection its session.</summary>
    internal SessionAttachment Attach(ClientConnection connection, Accepted accepted)
    {
        var attachment = Sessions.Attach(connection, accepted.Request);
        if (attachment.Session is not null && !ReferenceEquals(accepted.Policy, _access.Policy))
        {
            // It was let in by rules that were replaced before it had a session to be found by.
            Review();
        }

        return attachment;
    }

    /// <summary>Queues the retained messages that a new subscription brings (§3.3.1.3).</summary>
    internal void SendRetained(Session session, Subscription options)
    {
        var found = s_retained ??= [];
        Retained.Find(options.Filter, found);
        var identifiers = SubscriptionIdentifiers.With(null, options.Identifier);
        foreach (var message in found)
        {
            if ((!options.NoLocal || message.Origin.ClientId != session.ClientId) && session.Rights.MayRead(message.Topic))
            {
                var qos = message.Qos < options.MaximumQos ? message.Qos : options.MaximumQos;
                _overflow.Apply(session, session.Queue.Enqueue(new Delivery(new SharedMessage(message, 1, Budget), qos, Retain: true, identifiers)));
            }
        }

        found.Clear();
        _overflow.Shed();
    }

    /// <summary>Hands the message to everybody on the LAN who wants it.</summary>
    /// <returns>Whether there was anybody.</returns>
    internal bool Deliver(MqttMessage message)
    {
        var route = Subscriptions.Find(message.Topic);
        foreach (var deliver in route.Local)
        {
            deliver(message);
        }

        var targets = route.Targets;
        if (targets.Length == 0)
        {
            return route.Local.Length > 0;
        }

        var shared = new SharedMessage(message, targets.Length, Budget);
        var publisher = message.Origin.ClientId;
        var delivered = route.Local.Length > 0;
        foreach (ref readonly var target in targets.AsSpan())
        {
            var grant = publisher is not null && target.Session.ClientId == publisher ? target.Own : target.Others;
            if (grant is { } granted)
            {
                var qos = message.Qos < granted.Qos ? message.Qos : granted.Qos;
                var delivery = new Delivery(shared, qos, message.Retain && granted.RetainAsPublished, granted.Identifiers);
                _overflow.Apply(target.Session, target.Session.Queue.Enqueue(delivery));
                delivered = true;
            }
            else
            {
                shared.Release();
            }
        }

        _overflow.Shed();
        return delivered;
    }

    private PublishResult Refused(AppendStatus status)
    {
        Counters.Drop(DropReason.Outbox);
        return new PublishResult(status == AppendStatus.Refused ? PublishStatus.QuotaExceeded : PublishStatus.StorageFailed, 0);
    }

    private Session CreateSession(string clientId) => new(clientId, new OutboundQueue(Budget, Counters, Time), Subscriptions);

    private List<AccessNotice> Notices()
    {
        var notices = new List<AccessNotice>();
        if (Options.NoUsersBecause is { } why && Options.Listeners.Any(l => !IPAddress.IsLoopback(IPAddress.Parse(l.Bind))))
        {
            notices.Add(new($"nobody gets in from other machines: {why}", "correct that and restart, or add a user with edge-gateway user add", IsFault: true));
        }

        notices.AddRange(Tls.Select(l => l.Certificate.Warning(l.Options.Certificate, Time.GetUtcNow())).OfType<string>()
            .Select(w => new AccessNotice(w, "put a new one in its place; it is read without a restart", IsFault: false)));
        notices.AddRange(_desk.Guard.Locked().Take(MostNotices).Select(l => new AccessNotice(
            $"{(l.User is null ? "everybody" : l.User == LoginGuard.Stranger ? "a name that is no user" : LogName.Of(l.User))} at {l.Address} is locked out for {l.Left.TotalSeconds:N0} s after too many failed logins",
            "systemctl reload edge-gateway forgets it",
            IsFault: false)));
        return notices;
    }

    private void Take(AccessPolicy policy)
    {
        _access.Replace(policy);
        _desk.Guard.Forget();
        Review();
    }

    private void Review()
    {
        // The policy is read while the sessions are held: of two reviews at a time the last one has the newest.
        foreach (var (connection, reason) in Sessions.Review(identity => _access.Policy.Judge(identity), s => _access.Policy.RightsOf(s.Identity, s.ClientId)))
        {
            connection.Close(reason);
        }
    }

    private void PublishWill(Session session, MqttMessage will)
    {
        if (!session.Rights.MayWrite(will.Topic))
        {
            Counters.Drop(DropReason.NotAuthorized);
            ConnectionLog.WillNotPublished(Log, LogName.Of(session.ClientId), LogName.Of(will.Topic));
            return;
        }

        Publish(will with { Origin = MessageOrigin.FromClient(session.ClientId), ReceivedAt = Time.GetTimestamp() }, acknowledged: false);
    }

    private static AccessPolicy ReadPolicy(BrokerOptions options)
    {
        var problems = new ProblemList();
        return AccessPolicy.TryRead(options, problems) ?? throw new BrokerStartException(string.Join("; ", problems.All.Where(p => !p.IsWarning)));
    }
}
