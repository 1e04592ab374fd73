using System.Diagnostics.Metrics;
using Gateway.Broker;
using Gateway.Tests.Broker.Wire;

namespace Gateway.Tests.Broker.Status;

public sealed class BrokerMetricsTests
{
    [Fact]
    public async Task Instruments_OfARunningBroker_TellWhatHappened()
    {
        var values = new Dictionary<string, long>();
        using var listener = new MeterListener();
        await using var host = await BrokerHost.StartAsync();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == BrokerMetrics.MeterName)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                values[$"{instrument.Name} {tag.Value}"] = values.GetValueOrDefault($"{instrument.Name} {tag.Value}") + value;
            }
        });
        listener.Start();
        using var client = await host.ConnectAsync("a");
        await client.PublishAsync("$x", "1");
        await client.ExpectNothingAsync();
        listener.RecordObservableInstruments();

        // Brokers of other tests may add theirs.
        Assert.True(values[$"broker.messages.dropped {DropReason.ReservedTopic.Name()}"] >= 1);
        Assert.Equal(DropReasonNames.All.Count, values.Keys.Count(k => k.StartsWith("broker.messages.dropped ", StringComparison.Ordinal)));
        Assert.Equal(2, values.Keys.Count(k => k.StartsWith("broker.logins.failed ", StringComparison.Ordinal)));
        Assert.Equal(1, host.Broker.Status().ClientsConnected);
    }
}
