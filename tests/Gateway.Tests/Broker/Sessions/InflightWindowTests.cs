using Gateway.Broker;
using Gateway.Mqtt;

namespace Gateway.Tests.Broker.Sessions;

public sealed class InflightWindowTests
{
    private readonly MemoryBudget _budget = new(1 << 20);

    [Fact]
    public void Add_AfterTheLastIdentifier_WrapsAndSkipsThoseInUse()
    {
        var window = new InflightWindow();
        var kept = window.Add(New());
        for (var i = 0; i < ushort.MaxValue; i++)
        {
            var id = window.Add(New());
            Assert.NotEqual(0, id);
            Assert.NotEqual(kept, id);
            Assert.True(window.Remove(id, out _));
        }

        Assert.Equal(1, window.Count);
    }

    [Fact]
    public void InOrder_AfterAWrap_IsTheOrderOfSending()
    {
        var window = new InflightWindow();
        for (var i = 0; i < ushort.MaxValue - 2; i++)
        {
            window.Remove(window.Add(New()), out _);
        }

        var sent = Enumerable.Range(0, 5).Select(_ => window.Add(New())).ToList();
        Assert.Equal([65_534, 65_535, 1, 2, 3], sent);
        Assert.Equal(sent, window.InOrder());
        window.Clear();
        Assert.Equal(0, window.Count);
    }

    private Delivery New() => new(new SharedMessage(new MqttMessage { Topic = "t" }, 1, _budget), QualityOfService.AtLeastOnce, false);
}
