using Gateway.Broker;
using Gateway.Mqtt;

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
}
