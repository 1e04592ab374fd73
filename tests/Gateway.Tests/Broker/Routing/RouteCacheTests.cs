using Gateway.Broker;
using Gateway.Mqtt;

namespace Gateway.Tests.Broker.Routing;

public sealed class RouteCacheTests
{
    [Fact]
    public void Add_MoreTopicsThanItHolds_StartsAnewAndStaysRight()
    {
        var table = new SubscriptionTable(1 << 20);
        var got = 0;
        using var subscription = table.Add("a/+", _ => got++);
        for (var i = 0; i < 50_000; i++)
        {
            Assert.Single(table.Find($"a/{i}").Local);
            Assert.Equal(0, table.Find($"b/{i}").Size);
        }
    }

    [Fact]
    public async Task Find_WhileSubscriptionsChange_NeverKeepsAStaleRoute()
    {
        var table = new SubscriptionTable(1 << 20);
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                table.Find("a/b");
            }
        });
        Action<MqttMessage> deliver = _ => { };
        for (var i = 0; i < 5_000; i++)
        {
            var subscription = table.Add("a/+", deliver);
            Assert.Equal(1, table.Find("a/b").Size);
            subscription.Dispose();
            Assert.Equal(0, table.Find("a/b").Size);
        }

        await stop.CancelAsync();
        await reader;
    }
}
