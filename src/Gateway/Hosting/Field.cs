using Gateway.Commands;
using Gateway.Core;
using Gateway.Pipeline;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>The links and their devices at work. Those that a new configuration leaves as they are keep polling; the others are stopped and started anew.</summary>
internal sealed class Field
{
    private readonly IReadOnlyList<IAdapterType> _catalog;
    private readonly ReadingPipeline _pipeline;
    private readonly TopicMapper _topics;
    private readonly AdapterContext _context;
    private readonly Action<string, Exception> _failed;
    private volatile IReadOnlyList<RunningLink> _links;
    private volatile TaskCompletionSource? _changing;
    private IReadOnlyList<DeviceOptions> _readmitted = [];

    /// <summary>Makes everything, and starts nothing.</summary>
    public Field(
        GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog, ReadingPipeline pipeline, TopicMapper topics, AdapterContext context, Action<string, Exception> failed)
    {
        (_catalog, _pipeline, _topics, _context, _failed) = (catalog, pipeline, topics, context, failed);
        _links = Make(configuration, []);
        Commands = new CommandTopics(topics, configuration.Devices);
    }

    public IReadOnlyList<LinkRunner> Links => [.. _links.Select(l => l.Runner)];

    /// <summary>Which topics command which devices.</summary>
    public CommandTopics Commands { get; private set; }

    /// <summary>Carries out commands.</summary>
    public CommandPump? Pump { get; set; }

    public void Start()
    {
        foreach (var link in _links)
        {
            link.Start(_pipeline);
        }
    }

    /// <summary>The device as it is configured now, and who writes to it. While the configuration changes, as it will be.</summary>
    /// <returns>null: it has left the configuration.</returns>
    public async ValueTask<CommandTarget?> FindAsync(string device, CancellationToken cancellation)
    {
        if (_changing is { } changing)
        {
            await changing.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }

        return _links.SelectMany(l => l.Devices, (link, d) => new CommandTarget(d, link.Runner.Adapter)).FirstOrDefault(t => t.Device.Id == device);
    }

    /// <summary>Stops the links that will not go on as they are, and takes back what is retained of devices that leave.</summary>
    public async Task LeaveAsync(GatewayConfiguration next)
    {
        _changing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var stay = _links.Where(l => Stays(l, next)).ToList();
        var known = _pipeline.Devices.Select(d => d.Options.Id).ToList();
        _readmitted = [.. _pipeline.FoundDevices.Where(f => !stay.Any(l => ReferenceEquals(l.Runner.Options, f.Link))).Select(f => Readmit(f, next)).OfType<DeviceOptions>()];
        await Task.WhenAll(_links.Except(stay).Select(l => l.StopAsync())).ConfigureAwait(false);
        _links = stay;
        _pipeline.Take([.. stay.SelectMany(l => l.Devices)], [.. stay.Select(l => l.Runner.Options)], _readmitted);
        foreach (var gone in known.Except(next.Devices.Concat(_pipeline.FoundDevices).Select(d => d.Id)))
        {
            _pipeline.Withdraw(gone);
        }
    }

    /// <summary>Starts what is new, after <see cref="LeaveAsync"/>.</summary>
    public void Enter(GatewayConfiguration next)
    {
        var stay = _links;
        var all = Make(next, stay);
        _pipeline.Take(next.Devices, [.. stay.Select(l => l.Runner.Options)], _readmitted);
        Commands = new CommandTopics(_topics, next.Devices);
        _links = all;
        Pump?.Take(next.Devices);
        foreach (var link in all.Except(stay))
        {
            link.Start(_pipeline);
        }

        Settle();
    }

    /// <summary>Lets those go on who wait for the end of a change.</summary>
    public void Settle()
    {
        var changing = _changing;
        _changing = null;
        changing?.TrySetResult();
    }

    public Task StopAsync() => Task.WhenAll(_links.Select(l => l.StopAsync()));

    /// <summary>Found on a link that begins anew. Nodes may speak once a day: what was let in is not forgotten for that.</summary>
    private static DeviceOptions? Readmit(DeviceOptions found, GatewayConfiguration next) =>
        next.Devices.Any(d => d.Id == found.Id) ? null
        : next.Links.FirstOrDefault(l => l.Id == found.Link.Id)?.Readmit(found, [.. next.Devices.Where(d => d.Link.Id == found.Link.Id)]);

    private static bool Stays(RunningLink link, GatewayConfiguration next) =>
        next.Links.Contains(link.Runner.Options, ReferenceEqualityComparer.Instance)
        && link.Devices.SequenceEqual(next.Devices.Where(d => d.Link.Id == link.Runner.Options.Id), ReferenceEqualityComparer.Instance);

    private List<RunningLink> Make(GatewayConfiguration configuration, IReadOnlyList<RunningLink> stay)
    {
        var links = new List<RunningLink>();
        foreach (var options in configuration.Links)
        {
            var own = configuration.Devices.Where(d => d.Link.Id == options.Id).ToList();
            if (own.Count == 0 && !options.FindsDevices)
            {
                // A link without devices has nothing to do.
                continue;
            }

            if (stay.FirstOrDefault(l => l.Runner.Options.Id == options.Id) is { } running)
            {
                links.Add(running);
                continue;
            }

            var type = _catalog.First(t => t.Type == options.Type);
            links.Add(new(new LinkRunner(options, type.Create(options, [.. own, .. _readmitted.Where(d => ReferenceEquals(d.Link, options))], _context), _context.Time, _context.Logs.CreateLogger<LinkRunner>()), own, _failed));
        }

        return links;
    }
}
