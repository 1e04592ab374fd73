using System.Globalization;
using System.Runtime.InteropServices;
using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Outbox;

/// <summary>The real bridge drains a backlog into whatever listens; the other side measures.</summary>
internal static class BridgeRun
{
    public static async Task<int> RunAsync(string folder, ulong count, int port)
    {
        using var metrics = new StorageMetrics();
        using var bridgeMetrics = new BridgeMetrics();
        await using var journal = JournalQueue.Open(folder, metrics);
        var options = new BridgeOptions
        {
            Id = "cloud",
            Servers = [new UpstreamServer("127.0.0.1", port, Tls: false)],
            Forward = [new ForwardRule { Filter = "#" }],
        };
        var bridge = new UpstreamBridge(options, new BridgeContext
        {
            GatewayId = "bench",
            Topics = new BridgeTopics("status", "gaps", static s => $"streams/{s}", []),
            Presets = new PresetTopics([], []),
            Broker = new NoBroker(),
            Outbox = journal.Outbox,
            LaneOf = static _ => Lane.Telemetry,
            Alert = static _ => { },
            Loggers = NullLoggerFactory.Instance,
            Metrics = bridgeMetrics,
            Tuning = new BridgeTuning { FirstRetry = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(20) },
        });
        var targets = new List<OutboxTarget>();
        bridge.Select(Workload.Message, targets);
        for (var i = 0UL; i < count;)
        {
            // Refused only while the disk is behind.
            if (journal.Outbox.Append(Workload.Message, CollectionsMarshal.AsSpan(targets), Urgency.Immediate).Status == AppendStatus.Accepted)
            {
                i++;
            }
            else
            {
                Thread.Sleep(1);
            }
        }

        Console.WriteLine("filled");
        using var ending = new CancellationTokenSource();
        var (cpu, garbage) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var running = bridge.RunAsync(ending.Token);
        while (bridge.Status.Lanes.Sum(static l => (long)l.Ledger.Acknowledged) < (long)count)
        {
            await Task.Delay(20);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count:0.00} {(double)(GC.GetTotalAllocatedBytes() - garbage) / count:0}"));
        await ending.CancelAsync();
        await running;
        return 0;
    }

    /// <summary>Nothing is imported.</summary>
    private sealed class NoBroker : ILocalBroker
    {
        public PublishResult Publish(MqttMessage message, bool acknowledged) => throw new NotSupportedException();

        public IDisposable Subscribe(string filter, Action<MqttMessage> deliver) => throw new NotSupportedException();

        public void Attach(IForwardTarget target) => throw new NotSupportedException();

        public void Attach(IPublishInterceptor interceptor) => throw new NotSupportedException();
    }
}
