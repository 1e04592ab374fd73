using Gateway.Applying;
using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Commands;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Diagnostics;
using Gateway.Machine;
using Gateway.Metering;
using Gateway.OutboxControl;
using Gateway.Pipeline;
using Gateway.Storage;
using Gateway.Users;
using Gateway.Values;
using Gateway.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>The whole gateway, put together: opened from the disk upwards, started from the listeners inwards, stopped in the opposite order.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    /// <summary>Of the 5 s that a stop may take.</summary>
    private static readonly TimeSpan s_listenersPatience = TimeSpan.FromSeconds(1);

    private const string RepairConfiguration = "edge-gateway check says what is wrong; correct it and restart the gateway";

    private readonly WebApplication _web;
    private readonly JournalHost _storage;
    private readonly TaskGroup _duties;
    private readonly Field _field;
    private readonly Bridges _bridges;
    private readonly RunningConfiguration _running;
    private readonly ReadingPipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly CommandPump _pump;
    private readonly TopicMapper _topics;
    private readonly GatewayPresence _presence;
    private readonly MetricsListener _metrics = new();
    private readonly HttpListening _http;
    private readonly LocalOutbox _outbox;
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ILogger _log;
    private int _disposed;

    private GatewayHost(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog, Action<ILoggingBuilder> logging, TimeProvider time)
    {
        _time = time;
        var options = configuration.Gateway;
        var clock = new ClockTrust(options.Clock, time);
        using var startLogs = LoggerFactory.Create(logging);
        _storage = JournalHost.Open(configuration, clock, time, startLogs);
        var identity = _storage.Identity;
        _topics = new TopicMapper(configuration.Topics, options.Root, identity.Id);
        _http = HttpListening.Bind(configuration.Http, startLogs.CreateLogger<HttpListening>());
        (var broker, FirstPassword) = Handover.BrokerOf(configuration, _storage.Folder);
        FirstUser.Tidy(_storage.Folder);
        configuration = configuration with { Gateway = options with { Id = identity.Id } };
        _web = BuildWeb(broker, identity.Id, _storage, _http, time, logging);
        var logs = _web.Services.GetRequiredService<ILoggerFactory>();
        var log = _log = logs.CreateLogger<GatewayHost>();
        Broker = _web.Services.GetRequiredService<LocalBroker>();
        var alerts = new Alerts(Broker, _topics, time, logs.CreateLogger<Alerts>());
        var metrics = _web.Services.GetRequiredService<PipelineMetrics>();
        _pipeline = new ReadingPipeline(configuration.Devices, _topics, identity.Boot, Broker, clock, time, metrics, logs.CreateLogger<ReadingPipeline>());
        var context = new AdapterContext(time, logs) { Kept = _storage.Kept, Moment = () => new(time.GetUtcNow(), clock.IsTrusted, BootClock.BootId, BootClock.SinceBoot), Alert = alerts.Raise };
        _field = new Field(configuration, catalog, _pipeline, _topics, context, (name, e) => Fail(log, name, e));
        var memory = new CommandMemory(_storage.State, clock, time);
        var executor = new CommandExecutor(new DurableWait(_storage.Outbox.Durability), _field.FindAsync, time);
        _pump = _field.Pump = new CommandPump(configuration.Devices, Broker, memory, executor, time, metrics, logs.CreateLogger<CommandPump>());
        Broker.Attach(new CommandInbox(() => _field.Commands, _topics, memory, _pump, Broker.MayPublish, clock, time));
        var bridgeMetrics = _web.Services.GetRequiredService<BridgeMetrics>();
        var lanes = new LaneBook(_topics);
        lanes.Take(configuration.Devices);
        _bridges = new Bridges(
            configuration, Broker, lanes, () => _pipeline.FoundDevices, _topics,
            presets => BridgeContexts.Of(presets, identity.Id, _topics, Broker, _storage.Outbox, alerts, lanes, clock, time, logs, bridgeMetrics),
            (name, e) => Fail(log, name, e));
        _pipeline.DeviceFound = _bridges.TakeFound;
        _duties = new TaskGroup((name, e) => Fail(log, name, e));
        _running = new RunningConfiguration(
            configuration, catalog, new Handover(Broker, _field, _bridges, _storage).TakeAsync, alerts.Raise, _duties.Run, time, logs.CreateLogger<RunningConfiguration>());
        Hearts = [new BrokerHeartbeat(Broker), _storage, _pipeline];
        Status = new StatusCollector(
            _running, identity, _field, _pipeline, Broker, _storage, new WearWatch(_storage, options.StorageEndurance, new MachineFiles(), time), _bridges, clock, time);
        _running.Status = Status.Collect;
        _presence = new GatewayPresence(Broker, _topics, Status, () => _storage.TellDamage(alerts), clock, time, logs.CreateLogger<GatewayPresence>());
        _outbox = new LocalOutbox(
            _storage.Administration,
            new OutboxSurroundings
            {
                GatewayId = identity.Id,
                Data = _storage.Folder,
                Topics = _topics,

                // Each that is configured serves its streams.
                Bridges = new HashSet<string>(),
                IsRunning = true,
                Statuses = () => _bridges.Statuses,
                Alert = alerts.Raise,
            },
            time);
        _storage.TellClone(alerts);
        _storage.TellDamage(alerts);
        Broker.Attach(a => alerts.Raise(a.Kind, a.Text, a.Remedy));
        if (configuration.InsteadOf is { } instead)
        {
            alerts.Raise("configuration", instead, RepairConfiguration);
        }

        if (FirstPassword is not null)
        {
            HostLog.FirstUserMade(log, FirstUser.Name, FirstUser.PasswordFileIn(_storage.Folder));
        }
        else if (broker.NoUsersBecause is { } why)
        {
            HostLog.NoUsers(log, why);
        }
    }

    public LocalBroker Broker { get; }

    public StatusCollector Status { get; }

    /// <summary>Completes when something failed that must not fail.</summary>
    public Task Failed => _failed.Task;

    /// <summary>The password of the user that this start made; null: there were users.</summary>
    public string? FirstPassword { get; }

    /// <summary>Reads what can be read anew while the gateway runs: users, roles, ACL file, certificates.</summary>
    /// <returns>What is wrong with it.</returns>
    public IReadOnlyList<Problem> Reload()
    {
        FirstUser.Tidy(_storage.Folder);
        var problems = Broker.Reload();
        foreach (var problem in problems)
        {
            HostLog.ReloadProblem(_log, problem.ToString());
        }

        if (problems.Any(p => !p.IsWarning))
        {
            HostLog.NotReloaded(_log);
        }
        else
        {
            HostLog.Reloaded(_log);
        }

        return problems;
    }

    /// <summary>What must beat for the watchdog to be pinged.</summary>
    public IReadOnlyList<IHeartbeat> Hearts { get; }

    /// <summary>Where metrics and health are served; null: nowhere.</summary>
    public System.Net.IPEndPoint? HttpAddress => _http.Address;

    /// <summary>Opens and starts everything. Returns once the listeners accept.</summary>
    /// <exception cref="StartException">A local fault that does not heal by itself.</exception>
    public static async Task<GatewayHost> StartAsync(
        GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog, Action<ILoggingBuilder> logging, TimeProvider time, CancellationToken cancellation)
    {
        // Before anything is opened or counted. Later on, what becomes unreadable degrades its bridge only.
        if (configuration.Bridges.Select(UpstreamFiles.Check).FirstOrDefault(static p => p is not null) is { } problem)
        {
            throw new StartException(problem);
        }

        GatewayHost host;
        try
        {
            host = new GatewayHost(configuration, catalog, logging, time);
        }
        catch (Exception e) when (StartFaults.Explain(e, configuration) is { } fault)
        {
            throw fault;
        }

        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
            return host;
        }
        catch (Exception e)
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw StartFaults.Explain(e, configuration) ?? e;
        }
    }

    /// <summary>The configuration that has proved itself, or that ran from the start.</summary>
    public GatewayConfiguration Configuration => _running.Settled;

    /// <summary>Stops polling and carrying out commands; the rest goes on.</summary>
    public async Task StopFieldAsync()
    {
        await _duties.StopAsync().ConfigureAwait(false);
        await _field.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Stops in order: field, bridges, listeners, disk. Once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await StopFieldAsync().ConfigureAwait(false);
        await _bridges.StopAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(s_listenersPatience);
        await _web.StopAsync(patience.Token).ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        await _storage.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    private static WebApplication BuildWeb(
        BrokerOptions broker, string id, JournalHost storage, HttpListening http, TimeProvider time, Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        logging(builder.Logging);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IOutbox>(storage.Outbox);
        builder.Services.AddSingleton<PipelineMetrics>();
        builder.Services.AddSingleton<BridgeMetrics>();
        builder.Services.AddLocalBroker(broker, id);
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = http.CreateSocket);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenUnixSocket(storage.ControlSocket);
            http.Listen(kestrel);
        });
        return builder.Build();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        // What comes over the network sees health and figures; everything else is for the Unix socket, whose rights are those of a file.
        _web.Use(static (context, next) =>
        {
            if (context.Connection.LocalIpAddress is null || HealthEndpoints.Serves(context.Request.Path))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        new HealthEndpoints(Hearts, _metrics, () => _storage.Condition == "failed" ? _storage.Problem : null).Map(_web);
        var backup = BackupRoute.Create(() => Configuration, _storage.Administration, _time);
        ControlServer.Map(_web, ControlRoutes.All(Status, new LastValues(_pipeline, _time), _outbox, Reload, _running, _field, _log, backup), _storage.Folder);
        File.Delete(_storage.ControlSocket);
        _presence.Announce();
        await _web.StartAsync(cancellation).ConfigureAwait(false);
        File.SetUnixFileMode(_storage.ControlSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        _bridges.Start();
        _duties.Run("commands", stop => _pump.RunAsync(_topics, stop));
        _duties.Run("states", _pipeline.PublishStatesAsync);
        _duties.Run("health", _presence.RunAsync);
        _field.Start();
    }

    private void Fail(ILogger log, string name, Exception error)
    {
        HostLog.TaskFailed(log, error, name);
        _failed.TrySetException(error);
    }
}
