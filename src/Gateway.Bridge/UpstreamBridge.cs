using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Storage;
using Microsoft.Extensions.Logging;

namespace Gateway.Bridge;

/// <summary>A bridge to one upstream: names the streams that want a message, empties them there, and brings upstream's messages in.</summary>
/// <remarks>Attach it to the broker before <see cref="RunAsync"/>: what is published while there is no connection waits in its streams.</remarks>
public sealed class UpstreamBridge : IForwardTarget, IDisposable
{
    private static readonly Lane[] s_lanes = [Lane.Alarm, Lane.Command, Lane.Telemetry];

    private readonly BridgeOptions _options;
    private readonly BridgeContext _context;
    private readonly RuleTable _forward;
    private readonly IOutboxStream[] _streams;
    private readonly BridgeSender _sender;
    private readonly Importer _importer;
    private readonly ConnectPlan _plan;
    private readonly AlertGate _alerts;
    private readonly BridgeHealth _health;
    private readonly DirectSender _direct;
    private readonly ILogger _logger;

    /// <summary>The server with which the next round begins.</summary>
    private int _first;

    /// <summary>Opens the bridge's three streams. Its options must have passed their tables and <see cref="LoopCheck"/>.</summary>
    public UpstreamBridge(BridgeOptions options, BridgeContext context)
    {
        (_options, _context) = (options, context);
        _logger = context.Loggers.CreateLogger<UpstreamBridge>();
        _alerts = new AlertGate(options.Id, context.Alert, context.Time);
        _health = new BridgeHealth(options.Id, context.Time, _logger);
        _plan = new ConnectPlan(options, context);
        _direct = new DirectSender(options.Id, context);
        _forward = new RuleTable(RuleExpansion.Forward(options, context.Presets, context.Topics.Own));
        _importer = new Importer(options.Id, context, RuleExpansion.Import(options, context.Presets), _alerts, _logger);
        _streams = [.. s_lanes.Select(lane => context.Outbox.Open(new StreamId(options.Id, lane), Limits(options.Outbox.Of(lane))))];
        _sender = new BridgeSender(
            new SenderContext(options.Id, context.GatewayId, context.Topics, context.Time, context.Tuning, context.Metrics, _logger, _alerts, new Wakeup()), _streams);
    }

    public string Id => _options.Id;

    public BridgeOptions Options => _options;

    /// <summary>Where it stands now; any thread.</summary>
    public BridgeStatus Status
    {
        get
        {
            var (state, server, since, problem) = _health.Now;
            var lanes = _sender.Lanes.Select(static l => new LaneStatus(l.Stream.Id, l.Stream.Ledger, l.Stream.Epochs, l.Stream.Bytes, l.Held, l.Unheard)).ToArray();
            return new BridgeStatus(Id, state, server, since, problem?.Reason, problem?.Remedy, _direct.Inflight, lanes);
        }
    }

    /// <inheritdoc/>
    public void Select(MqttMessage message, List<OutboxTarget> targets)
    {
        if (message.AnswerTo == Id)
        {
            // Upstream named the topic itself, so no rule rewrites it.
            targets.Add(new OutboxTarget(_streams[(int)Lane.Command], null));
            return;
        }

        // Split horizon (layer 0); the presence goes past the outbox.
        if (message.Origin.Bridge == Id || message.Topic == _context.Topics.Status || _forward.Match(message.Topic, out var topic) is not { } rule)
        {
            return;
        }

        if (GatewayIdentity.IsPathFull(message.Properties, _context.Tuning.MaxHops))
        {
            _context.Metrics.TooManyHops(Id);
        }
        else if (rule.Qos == QualityOfService.AtMostOnce)
        {
            _direct.Send(message, topic);
        }
        else
        {
            targets.Add(new OutboxTarget(_streams[(int)_context.LaneOf(message.Topic)], ReferenceEquals(topic, message.Topic) ? null : topic));
        }
    }

    /// <summary>Its preset <c>standard</c> stands for these topics as well from now on.</summary>
    public void ForwardAlso(IReadOnlyList<string> standard) => _forward.Add(RuleExpansion.Standard(_options, standard));

    /// <summary>Connects, and connects again, until cancelled; then says goodbye upstream. Ends without an exception.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var backoff = new Backoff(_context.Tuning.FirstRetry, _context.Tuning.LongestRetry, Random.Shared.NextDouble);
        try
        {
            while (true)
            {
                var started = _context.Time.GetTimestamp();
                var connected = false;
                try
                {
                    connected = await TryServersAsync(cancellation);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    BridgeLog.Unexpected(_logger, e, Id);
                }

                cancellation.ThrowIfCancellationRequested();
                if (_context.Time.GetElapsedTime(started) >= _context.Tuning.StableAfter || (connected && _sender.HasProgress))
                {
                    backoff.Reset();
                }

                var delay = backoff.Next();
                BridgeLog.Retrying(_logger, Id, delay);
                await Task.Delay(delay, _context.Time, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            _health.Stopped();
        }
    }

    /// <summary>Lets go of its streams, after <see cref="RunAsync"/> has ended: they stay on disk, and another bridge may open them.</summary>
    public void Dispose()
    {
        foreach (var stream in _streams)
        {
            _context.Outbox.Close(stream.Id);
        }
    }

    /// <summary>What thins the queue knows readings, which is the bridge's to bring.</summary>
    private static StreamLimits Limits(StreamLimits limits) =>
        limits.WhenFull == WhenFull.Downsample ? limits with { Digest = static () => new ReadingDigest() } : limits;

    /// <summary>Tries each server in order until one takes us, and stays there until that connection ends.</summary>
    /// <returns>true: one took us.</returns>
    private async Task<bool> TryServersAsync(CancellationToken cancellation)
    {
        var problems = new List<BridgeProblem>();
        for (var i = 0; i < _options.Servers.Count; i++)
        {
            var place = (_first + i) % _options.Servers.Count;
            var server = _options.Servers[place];
            _health.Connecting(server.ToString());
            var (client, problem) = await ConnectAsync(server, cancellation);
            if (client is not null)
            {
                var close = await StayAsync(client, server, cancellation);

                // Who was sent away does not come straight back; otherwise the first is the one that is wanted.
                _first = BridgeProblem.IsRedirect(close) ? place + 1 : 0;
                return true;
            }

            _context.Metrics.ConnectFailed(Id, problem!.Kind);
            problems.Add(problem);
        }

        _first = 0;
        _health.Degraded(string.Join(", ", _options.Servers), BridgeProblem.All(problems));
        return false;
    }

    private async Task<(MqttClient? Client, BridgeProblem? Problem)> ConnectAsync(UpstreamServer server, CancellationToken cancellation)
    {
        while (true)
        {
            if (_plan.TryMake(server, out var problem) is not { } options)
            {
                return (null, new BridgeProblem("secret", $"the password cannot be read: {problem}", "correct password of the bridge, or the file's rights"));
            }

            var (client, failure) = await MqttClient.ConnectAsync(options, _context.Time, cancellation);
            if (client is not null || !_plan.Concede(failure!.ReasonCode))
            {
                return (client, failure is null ? null : BridgeProblem.Of(failure));
            }
        }
    }

    private async Task<MqttClose> StayAsync(MqttClient client, UpstreamServer server, CancellationToken cancellation)
    {
        _context.Metrics.Connected(Id);
        _direct.Client = client;
        var session = new UpstreamSession(
            client, _plan, _sender, _importer, _alerts, _context, () => _health.Connected(server.ToString(), client.SessionPresent, client.Window));
        try
        {
            var close = await session.RunAsync(cancellation);
            if (!cancellation.IsCancellationRequested)
            {
                _health.Degraded(server.ToString(), session.StorageFailed
                    ? new BridgeProblem("storage", "the journal takes nothing that upstream sends", "see the storage part of status: the disk fails or is full")
                    : session.IsIntroduced ? BridgeProblem.Of(close)
                    : BridgeProblem.Unintroduced(close));
            }

            return close;
        }
        finally
        {
            _direct.Client = null;
            await client.DisposeAsync();
        }
    }
}
