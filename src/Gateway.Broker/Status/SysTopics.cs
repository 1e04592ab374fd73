using System.Globalization;
using System.Text;
using Gateway.Mqtt;
using Microsoft.Extensions.Hosting;

namespace Gateway.Broker;

/// <summary>Publishes the broker's own figures under <c>$SYS/broker</c>, for the tools that look there; only to the LAN, and only the broker may.</summary>
public sealed class SysTopics(LocalBroker broker, TimeProvider time) : IHostedService, IDisposable
{
    /// <summary>10 s, as Mosquitto does.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly long _start = time.GetTimestamp();
    private ITimer? _timer;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var version = typeof(SysTopics).Assembly.GetName().Version?.ToString(3);
        Publish("version", $"edge-gateway version {version}");
        Tick();
        _timer = time.CreateTimer(_ => Tick(), null, s_interval, s_interval);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        broker.CloseAll();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        var status = broker.Status();
        Publish("uptime", $"{(long)time.GetElapsedTime(_start).TotalSeconds} seconds");
        Publish("clients/connected", status.ClientsConnected);
        Publish("clients/total", status.Sessions);
        Publish("subscriptions/count", status.Subscriptions);
        Publish("retained messages/count", status.RetainedMessages);
        Publish("publish/messages/received", status.Received);
        Publish("publish/messages/sent", status.Sent);
        Publish("publish/messages/dropped", status.Dropped.Values.Sum());
        broker.Retained.Purge();
    }

    private void Publish(string name, long value) => Publish(name, value.ToString(CultureInfo.InvariantCulture));

    private void Publish(string name, string value)
    {
        var message = new MqttMessage
        {
            Topic = $"$SYS/broker/{name}",
            Payload = Encoding.UTF8.GetBytes(value),
            Retain = true,
            ReceivedAt = time.GetTimestamp(),
        };
        broker.Retained.Set(message);
        broker.Deliver(message);
    }
}
