using System.Diagnostics.Metrics;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Lora;
using Gateway.Adapters.Modbus;
using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Cli;

/// <summary><c>edge-gateway --help metrics</c>: every metric with its kind and meaning, as the instruments themselves tell them.</summary>
internal static class MetricsHelp
{
    private const string Introduction = """
        Metrics, in Prometheus' text format at http://127.0.0.1:9883/metrics (the http section of the configuration).
        Names end in their unit; counters end in _total and begin at zero with each start; histograms have _bucket, _sum and _count.
        Beside these, dotnet_ figures of the runtime itself: memory, garbage collection, threads.
        Health: /healthz (broker, pipeline and journal make a round trip), /readyz (the listeners accept and the journal acknowledges); 200 or 503.


        """;

    public static bool IsAskedFor(string[] args) => args is ["--help" or "-h" or "help", "metrics"];

    public static string Text()
    {
        var families = new List<MetricFamily>();
        using var listener = new MeterListener();

        // Only what is made below: others of this process may be making instruments as well.
        var (thread, isMaking) = (Environment.CurrentManagedThreadId, false);
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (isMaking && Environment.CurrentManagedThreadId == thread && instrument.Meter.Name.StartsWith("EdgeGateway.", StringComparison.Ordinal))
            {
                families.Add(new MetricFamily(instrument));
            }
        };
        listener.Start();
        isMaking = true;
        using var storage = new StorageMetrics();
        using var bridge = new BridgeMetrics();
        using var pipeline = new PipelineMetrics();
        using var modbus = new ModbusMetrics("");
        using var lora = new LoraMetrics("");
        using var ble = new BleMetrics("");
        using var broker = new BrokerMetrics(new LocalBroker(new BrokerOptions(), "", new NoOutbox(), TimeProvider.System, NullLoggerFactory.Instance));
        var text = new System.Text.StringBuilder(Introduction);
        Columns.Append(text, [.. families.DistinctBy(f => f.Name).OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => new[] { f.Name, PrometheusText.Word(f.Kind), f.Help.TrimEnd('.') })], "  ");
        return text.ToString();
    }
}
