using Gateway.Broker;
using Gateway.Core;
using Gateway.Diagnostics;
using Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace Gateway.Pipeline;

/// <summary>Turns readings into messages on the LAN broker, on the link's own task: nothing is queued, nothing waits.</summary>
internal sealed class ReadingPipeline : IReadingSink, IHeartbeat
{
    private static readonly TimeSpan s_stateInterval = TimeSpan.FromSeconds(1);

    private readonly TopicMapper _topics;
    private readonly int _boot;
    private readonly ILocalBroker _broker;
    private readonly ClockTrust _clock;
    private readonly TimeProvider _time;
    private readonly PipelineMetrics _metrics;
    private readonly ILogger _log;
    private readonly ReportCounts _counts = new();
    private readonly Lock _changing = new();
    private volatile PipelineChannels _channels = new([]);
    private readonly List<DeviceOptions> _found = [];
    private long _beatAt;

    public ReadingPipeline(
        IReadOnlyList<DeviceOptions> devices, TopicMapper topics, int boot, ILocalBroker broker, ClockTrust clock, TimeProvider time,
        PipelineMetrics metrics, ILogger<ReadingPipeline> log)
    {
        (_topics, _boot, _broker, _clock, _time, _metrics, _log) = (topics, boot, broker, clock, time, metrics, log);
        _beatAt = time.GetTimestamp();
        Take(devices, []);
    }

    public string Name => "pipeline";

    public IReadOnlyList<DeviceChannel> Devices => _channels.Devices;

    /// <summary>Devices that are not in the configuration.</summary>
    public IReadOnlyList<DeviceOptions> FoundDevices
    {
        get
        {
            lock (_changing)
            {
                return [.. _found];
            }
        }
    }

    /// <summary>Told of each of them, before anything is published of it.</summary>
    public Action<DeviceOptions> DeviceFound { get; set; } = static _ => { };

    /// <summary>Knows these devices from now on. Those that are the same object go on as they are, and so do those that were found on links that do; what others report is dropped.</summary>
    /// <param name="devices">The configuration's.</param>
    /// <param name="links">Links that go on as they are.</param>
    /// <param name="readmitted">Devices that were found on others, and are known on what takes their place.</param>
    public void Take(IReadOnlyList<DeviceOptions> devices, IReadOnlyList<LinkOptions> links, IReadOnlyList<DeviceOptions>? readmitted = null)
    {
        lock (_changing)
        {
            var configured = devices.Select(static d => d.Id).ToHashSet(StringComparer.Ordinal);
            _found.RemoveAll(f => !links.Contains(f.Link, ReferenceEqualityComparer.Instance) || configured.Contains(f.Id));
            _found.AddRange(readmitted ?? []);
            var before = _channels;
            var known = devices.Concat(_found).ToList();
            foreach (var channel in before.Devices.ExceptBy(known, static c => c.Options, ReferenceEqualityComparer.Instance))
            {
                _counts.Keep(channel);
            }

            _channels = new(known.Select(d => before.Find(d) ?? Channel(d)));
        }
    }

    public bool Found(DeviceOptions device)
    {
        lock (_changing)
        {
            if (_channels.Find(device) is not null)
            {
                return true;
            }

            if (_channels.Find(device.Id) is not null)
            {
                return false;
            }

            _channels.Add(Channel(device));
            _found.Add(device);
        }

        PipelineLog.DeviceFound(_log, device.Id, device.Link.Id);
        DeviceFound(device);
        return true;
    }

    public void Found(PointOptions point)
    {
        lock (_changing)
        {
            if (_channels.Find(point) is null && _channels.Find(point.Device) is { } device)
            {
                _channels.Add(device.Add(point));
            }
        }
    }

    /// <summary>Takes back what is retained of a device that has left the configuration.</summary>
    /// <param name="device">Its id.</param>
    public void Withdraw(string device)
    {
        foreach (var (topic, qos) in new[]
        {
            (_topics.Status(device), QualityOfService.AtLeastOnce), (_topics.Health(device), QualityOfService.AtLeastOnce), (_topics.State(device), QualityOfService.AtMostOnce),
        })
        {
            Publish(topic, [], qos, retain: true);
        }
    }

    public ValueTask<bool> IsBeatingAsync(TimeSpan patience, CancellationToken cancellation) =>
        ValueTask.FromResult(_time.GetElapsedTime(Interlocked.Read(ref _beatAt)) <= s_stateInterval + patience);

    public void Report(in Reading reading)
    {
        if (_channels.Find(reading.Point) is not { } point)
        {
            _metrics.Unknown();
            return;
        }

        _metrics.Read(reading.Quality);
        if (point.Device.Take(point, reading, _clock.IsTrusted) is { } payload)
        {
            Publish(point.Topic, payload, QualityOfService.AtMostOnce, retain: false);
        }
    }

    public void EndOfCycle(DeviceOptions device)
    {
        var channel = _channels.Find(device);
        if (channel?.EndCycle(_time.GetUtcNow(), _clock.IsTrusted) is { } payload)
        {
            Publish(channel.TelemetryTopic, payload, QualityOfService.AtMostOnce, retain: false);
        }
    }

    public void DeviceChanged(DeviceOptions device, DeviceState state)
    {
        if (_channels.Find(device) is not { } channel)
        {
            return;
        }

        if (state.Online)
        {
            PipelineLog.DeviceOnline(_log, device.Id);
        }
        else
        {
            PipelineLog.DeviceOffline(_log, device.Id, state.Reason ?? "unknown", state.Remedy ?? "");
        }

        var health = channel.Change(state, _time.GetUtcNow());
        Publish(channel.StatusTopic, System.Text.Encoding.UTF8.GetBytes(DeviceChannel.StatusText(state)), QualityOfService.AtLeastOnce, retain: true);
        Publish(channel.HealthTopic, health, QualityOfService.AtLeastOnce, retain: true);
    }

    /// <summary>Publishes the last values of devices whose values changed, at most once a second, until cancelled.</summary>
    public async Task PublishStatesAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_stateInterval, _time);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            Interlocked.Exchange(ref _beatAt, _time.GetTimestamp());
            foreach (var device in Devices)
            {
                if (device.TakeState(_time.GetUtcNow()) is { } payload)
                {
                    Publish(device.StateTopic, payload, QualityOfService.AtMostOnce, retain: true);
                }
            }
        }
    }

    private DeviceChannel Channel(DeviceOptions device) => new(device, _topics, _boot, _counts, _time);

    private void Publish(string topic, byte[] payload, QualityOfService qos, bool retain)
    {
        var result = _broker.Publish(
            new MqttMessage { Topic = topic, Payload = payload, Qos = qos, Retain = retain, ReceivedAt = _time.GetTimestamp() }, acknowledged: false);
        _metrics.Published(result.Status);
    }
}
