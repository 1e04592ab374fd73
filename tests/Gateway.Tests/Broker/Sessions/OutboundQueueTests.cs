using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Tests.Support;

namespace Gateway.Tests.Broker.Sessions;

public sealed class OutboundQueueTests
{
    [Fact]
    public void Enqueue_AfterTheSessionEnded_KeepsNothing()
    {
        var budget = new MemoryBudget(1 << 20);
        var queue = new OutboundQueue(budget, new BrokerCounters(), TimeProvider.System);
        queue.Clear();
        var late = new SharedMessage(new MqttMessage { Topic = "t" }, 1, budget);
        Assert.Equal(EnqueueResult.Offline, queue.Enqueue(new Delivery(late, QualityOfService.AtLeastOnce, Retain: false)));
        Assert.Equal(0, queue.Bytes);
        Assert.Equal(0, budget.Used);
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, 0)]
    [InlineData(QualityOfService.ExactlyOnce, 1)]
    public void Take_AgainAfterTheMessageHasExpired_SendsOnlyWhatMustBeFinished(QualityOfService qos, int expected)
    {
        var time = new FakeTime();
        var budget = new MemoryBudget(1 << 20);
        var counters = new BrokerCounters();
        var queue = new OutboundQueue(budget, counters, time);
        var (first, second) = (new AsyncSignal(), new AsyncSignal());
        var batch = new List<Outgoing>();
        queue.Attach(first, 10);
        var message = new SharedMessage(new MqttMessage { Topic = "t", Properties = new MessageProperties { MessageExpiryInterval = 10 } }, 1, budget);
        queue.Enqueue(new Delivery(message, qos, Retain: false));
        queue.Take(first, batch, 10, 1000);
        Assert.Single(batch);
        time.Advance(TimeSpan.FromSeconds(11));
        batch.Clear();
        queue.Attach(second, 10);
        queue.Take(second, batch, 10, 1000);
        Assert.Equal(expected, batch.Count);
        Assert.Equal(1 - expected, counters.Dropped(DropReason.Expired));
        Assert.Equal(expected > 0, queue.Bytes > 0);
        Assert.Equal(expected > 0, budget.Used > 0);
    }
}
