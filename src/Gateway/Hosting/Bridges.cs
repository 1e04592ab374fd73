using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Core;

namespace Gateway.Hosting;

/// <summary>The bridges at work. Those that a new configuration leaves as they are keep their connection; the others say goodbye upstream and are made anew on the same streams.</summary>
internal sealed class Bridges
{
    private readonly LocalBroker _broker;
    private readonly LaneBook _lanes;
    private readonly Func<IReadOnlyList<DeviceOptions>> _found;
    private readonly TopicMapper _topics;
    private readonly Func<PresetTopics, BridgeContext> _context;
    private readonly Action<string, Exception> _failed;
    private volatile IReadOnlyList<RunningBridge> _running = [];
    private volatile IReadOnlyList<DeviceOptions> _configured;

    /// <summary>Makes them, so that their streams take what is published from now on; starts none.</summary>
    /// <param name="configuration">Which ones.</param>
    /// <param name="broker">Asks them what they want.</param>
    /// <param name="lanes">Follows the devices of the configuration.</param>
    /// <param name="found">Devices that are there beside the configuration's.</param>
    /// <param name="topics">Names their topics.</param>
    /// <param name="context">What they need to know of the gateway, with what the presets stand for.</param>
    /// <param name="failed">Hears of defects.</param>
    public Bridges(
        GatewayConfiguration configuration, LocalBroker broker, LaneBook lanes, Func<IReadOnlyList<DeviceOptions>> found, TopicMapper topics,
        Func<PresetTopics, BridgeContext> context, Action<string, Exception> failed)
    {
        (_broker, _lanes, _found, _topics, _context, _failed, _configured) = (broker, lanes, found, topics, context, failed, configuration.Devices);
        foreach (var options in configuration.Bridges)
        {
            Add(options, instead: null);
        }
    }

    public IReadOnlyList<UpstreamBridge> All => [.. _running.Select(r => r.Bridge)];

    public IReadOnlyList<BridgeStatus> Statuses => [.. _running.Select(r => r.Bridge.Status)];

    public void Start()
    {
        foreach (var running in _running)
        {
            running.Start();
        }
    }

    /// <summary>Runs those of the configuration: the same objects go on. Streams of those that leave stay on disk.</summary>
    public async Task TakeAsync(GatewayConfiguration next)
    {
        _lanes.Take(next.Devices);
        _configured = next.Devices;
        await Task.WhenAll(_running.Where(r => !next.Bridges.Contains(r.Bridge.Options, ReferenceEqualityComparer.Instance)).Select(r => ReplaceAsync(r, next))).ConfigureAwait(false);
        foreach (var options in next.Bridges.Where(b => !_running.Any(r => r.Bridge.Id == b.Id)))
        {
            Add(options, instead: null).Start();
        }
    }

    /// <summary>Presets name a device that was found, too.</summary>
    public void TakeFound(DeviceOptions device)
    {
        lock (_lanes)
        {
            var filters = _topics.StandardFilters([device]);
            foreach (var running in _running)
            {
                running.Bridge.ForwardAlso(filters);
            }
        }
    }

    public Task StopAsync() => Task.WhenAll(_running.Select(r => r.StopAsync()));

    /// <summary>Until the other is asked, what is published still goes to the old one's streams.</summary>
    private async Task ReplaceAsync(RunningBridge before, GatewayConfiguration next)
    {
        await before.StopAsync().ConfigureAwait(false);
        before.Bridge.Dispose();
        if (next.Bridges.FirstOrDefault(b => b.Id == before.Bridge.Id) is { } options)
        {
            Add(options, before).Start();
            return;
        }

        _broker.Replace(before.Bridge, null);
        Exchange(before, null);
    }

    private PresetTopics Presets => RuleTopics.Presets(_topics, _configured, _found());

    private RunningBridge Add(BridgeOptions options, RunningBridge? instead)
    {
        // What is found meanwhile is named here, or to the bridge once it is one of the running.
        lock (_lanes)
        {
            var running = new RunningBridge(new UpstreamBridge(options, _context(Presets)), _failed);
            _broker.Replace(instead?.Bridge, running.Bridge);
            Exchange(instead, running);
            return running;
        }
    }

    private void Exchange(RunningBridge? before, RunningBridge? after)
    {
        lock (_lanes)
        {
            _running = [.. _running.Where(r => r != before), .. after is null ? (RunningBridge[])[] : [after]];
        }
    }
}

/// <summary>A bridge at work, started and stopped by itself.</summary>
internal sealed class RunningBridge(UpstreamBridge bridge, Action<string, Exception> failed)
{
    private readonly TaskGroup _task = new(failed);

    public UpstreamBridge Bridge => bridge;

    public void Start() => _task.Run($"bridge {bridge.Id}", bridge.RunAsync);

    public Task StopAsync() => _task.StopAsync();
}
