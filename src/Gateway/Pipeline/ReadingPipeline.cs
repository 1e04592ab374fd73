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

    private readonly Dictionary<PointOptions, PointChannel> _points = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<DeviceOptions, DeviceChannel> _devices = new(ReferenceEqualityComparer.Instance);
    private readonly ILocalBroker _broker;
    private readonly ClockTrust _clock;
    private readonly TimeProvider _time;
    private readonly PipelineMetrics _metrics;
    private readonly ILogger _log;
    private long _beatAt;

    public ReadingPipeline(
        IEnumerable<DeviceOptions> devices, TopicMapper topics, int boot, ILocalBroker broker, ClockTrust clock, TimeProvider time,
        PipelineMetrics metrics, ILogger<ReadingPipeline> log)
    {
        (_broker, _clock, _time, _metrics, _log) = (broker, clock, time, metrics, log);
        _beatAt = time.GetTimestamp();
        foreach (var device in devices)
        {
            var channel = new DeviceChannel(device, topics, boot, time);
            _devices.Add(device, channel);
            foreach (var (options, point) in device.Points.Zip(channel.Points))
            {
                _points.Add(options, point);
            }
        }
    }

    public string Name => "pipeline";

    public IReadOnlyCollection<DeviceChannel> Devices => _devices.Values;

    public ValueTask<bool> IsBeatingAsync(TimeSpan patience, CancellationToken cancellation) =>
        ValueTask.FromResult(_time.GetElapsedTime(Interlocked.Read(ref _beatAt)) <= s_stateInterval + patience);

    public void Report(in Reading reading)
    {
        var point = _points[reading.Point];
        _metrics.Read(reading.Quality);
        if (point.Device.Take(point, reading, _clock.IsTrusted) is { } payload)
        {
            Publish(point.Topic, payload, QualityOfService.AtMostOnce, retain: false);
        }
    }

    public void EndOfCycle(DeviceOptions device)
    {
        var channel = _devices[device];
        if (channel.EndCycle(_time.GetUtcNow(), _clock.IsTrusted) is { } payload)
        {
            Publish(channel.TelemetryTopic, payload, QualityOfService.AtMostOnce, retain: false);
        }
    }

    public void DeviceChanged(DeviceOptions device, DeviceState state)
    {
        var channel = _devices[device];
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

    private void Publish(string topic, byte[] payload, QualityOfService qos, bool retain)
    {
        var result = _broker.Publish(
            new MqttMessage { Topic = topic, Payload = payload, Qos = qos, Retain = retain, ReceivedAt = _time.GetTimestamp() }, acknowledged: false);
        _metrics.Published(result.Status);
    }
}
