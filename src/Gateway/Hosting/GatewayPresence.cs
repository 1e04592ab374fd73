using Gateway.Broker;
using Gateway.Core;
using Gateway.Diagnostics;
using Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>Tells the LAN that the gateway is there and how it is. Upstream, each bridge tells the presence itself, past the outbox.</summary>
internal sealed class GatewayPresence(
    LocalBroker broker, TopicMapper topics, StatusCollector status, Action tellDamage, ClockTrust clock, TimeProvider time, ILogger<GatewayPresence> log)
{
    /// <summary>A state that lasts shorter is not worth a message upstream.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private static readonly byte[] s_schema = JsonPayload.Prepare("schema", "gateway-health.v1");

    private string? _told;
    private bool? _trusted;

    public void Announce() => Publish(topics.GatewayStatus, "online"u8.ToArray());

    /// <summary>Publishes the health whenever it has changed, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            TellClock();
            tellDamage();
            var report = status.Collect();
            if (report.Summary == _told)
            {
                continue;
            }

            _told = report.Summary;
            Publish(topics.GatewayHealth, JsonPayload.Open()
                .Member("state", report.State)
                .Member("summary", report.Summary)
                .Member("clock", report.Gateway.Clock)
                .Member("version", report.Gateway.Version)
                .Member("boot", report.Gateway.Boot)
                .Member("ts", time.GetUtcNow().ToUnixTimeMilliseconds())
                .Member(s_schema)
                .Close());
        }
    }

    public void TellClock()
    {
        var trusted = clock.IsTrusted;
        if (trusted == _trusted)
        {
            return;
        }

        if (trusted)
        {
            HostLog.ClockTrusted(log);
        }
        else
        {
            HostLog.ClockUntrusted(log, clock.Explanation);
        }

        _trusted = trusted;
    }

    private void Publish(string topic, byte[] payload) => broker.Publish(
        new MqttMessage { Topic = topic, Payload = payload, Qos = QualityOfService.AtLeastOnce, Retain = true, ReceivedAt = time.GetTimestamp() },
        acknowledged: false);
}
