using Gateway.Broker;
using Gateway.Mqtt;

namespace Gateway.Tests.Broker.Publishing;

public sealed class LoopGuardTests
{
    [Theory]
    [InlineData("gw-b", true)]
    [InlineData("gw-a,gw-b,gw-c", true)]
    [InlineData("gw-bb,agw-b", false)]
    [InlineData("", false)]
    [InlineData("1,2,3,4,5,6,7,8", false)]
    [InlineData("1,2,3,4,5,6,7,8,9", true)]
    public void IsLoop_OwnIdOrTooManyHops_IsOne(string path, bool expected)
    {
        var properties = new MessageProperties { UserProperties = [new("other", "gw-b"), new(LoopGuard.PathProperty, path)] };
        Assert.Equal(expected, new LoopGuard("gw-b").IsLoop(new MqttMessage { Topic = "t", Properties = properties }));
    }

    [Fact]
    public void IsLoop_PathInTwoProperties_CountsBoth()
    {
        var properties = new MessageProperties { UserProperties = [new(LoopGuard.PathProperty, "1,2,3,4,5"), new(LoopGuard.PathProperty, "6,7,8,9")] };
        Assert.True(new LoopGuard("gw-b").IsLoop(new MqttMessage { Topic = "t", Properties = properties }));
    }
}
