using System.Diagnostics.Metrics;

namespace Gateway.Broker;

/// <summary>The broker's instruments. They read counters that exist anyway: nothing is added to the hot path.</summary>
public sealed class BrokerMetrics : IDisposable
{
    public const string MeterName = "EdgeGateway.Broker";

    private readonly Meter _meter = new(MeterName);

    public BrokerMetrics(LocalBroker broker)
    {
        var counters = broker.Counters;
        _meter.CreateObservableCounter("broker.messages.received", () => counters.Received, "{message}", "PUBLISH packets from clients");
        _meter.CreateObservableCounter("broker.messages.sent", () => counters.Sent, "{message}", "PUBLISH packets to clients");
        _meter.CreateObservableCounter("broker.bytes.received", () => counters.BytesReceived, "By", "Bytes from clients");
        _meter.CreateObservableCounter("broker.bytes.sent", () => counters.BytesSent, "By", "Bytes to clients");
        _meter.CreateObservableCounter("broker.messages.dropped", () => Drops(counters), "{message}", "Messages that somebody did not get, by reason");
        _meter.CreateObservableCounter("broker.logins.failed", () => Logins(counters), "{login}", "Logins that failed: wrong password, or locked out after too many of them");
        _meter.CreateObservableGauge("broker.certificate.remaining", () => Certificates(broker), "s", "Time until the certificate of a TLS listener ends; negative: it has ended");
        _meter.CreateObservableGauge("broker.clients", () => broker.Sessions.Connected, "{client}", "Clients connected");
        _meter.CreateObservableGauge("broker.sessions", () => broker.Sessions.Count, "{session}", "Sessions, with and without a client");
        _meter.CreateObservableGauge("broker.subscriptions", () => broker.Subscriptions.Count, "{subscription}", "Subscriptions of all clients");
        _meter.CreateObservableGauge("broker.retained", () => broker.Retained.Count, "{message}", "Retained messages");
        _meter.CreateObservableGauge("broker.retained.size", () => broker.Retained.Bytes, "By", "Memory of retained messages");
        _meter.CreateObservableGauge("broker.queues.size", () => broker.Budget.Used, "By", "Memory of all clients' queues");
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long>[] Logins(BrokerCounters counters) =>
        [new(counters.LoginsFailed, new KeyValuePair<string, object?>("reason", "password")), new(counters.LoginsRefused, new KeyValuePair<string, object?>("reason", "locked"))];

    private static IEnumerable<Measurement<double>> Certificates(LocalBroker broker) => broker.Tls.Select(l =>
        new Measurement<double>((l.Certificate.Until - broker.Time.GetUtcNow()).TotalSeconds, new KeyValuePair<string, object?>("certificate", l.Options.Certificate)));

    private static IEnumerable<Measurement<long>> Drops(BrokerCounters counters) =>
        DropReasonNames.All.Select(reason => new Measurement<long>(counters.Dropped(reason), new KeyValuePair<string, object?>("reason", reason.Name())));
}
