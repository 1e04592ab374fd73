using System.Buffers;
using Gateway.Broker;
using Gateway.Mqtt;

namespace Gateway.Tests.Broker.Sessions;

public sealed class SharedMessageTests
{
    [Fact]
    public void Budget_CountsOnceUntilTheLastRelease()
    {
        var budget = new MemoryBudget(1 << 20);
        var shared = new SharedMessage(new MqttMessage { Topic = "t", Payload = new byte[1000] }, 3, budget);
        Assert.InRange(budget.Used, 1000, 1500);
        shared.Release();
        shared.Release();
        Assert.InRange(budget.Used, 1000, 1500);
        shared.Release();
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void Cost_IsNeverLessThanTheEncodedPacket()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            string Text(int max) => new([.. Enumerable.Range(0, random.Next(1, max)).Select(_ => (char)random.Next('a', 0x3000))]);
            var message = new MqttMessage
            {
                Topic = Text(200),
                Payload = new byte[random.Next(2000)],
                Properties = new MessageProperties
                {
                    IsUtf8 = true,
                    MessageExpiryInterval = 7,
                    ContentType = Text(50),
                    ResponseTopic = Text(50),
                    CorrelationData = new byte[random.Next(100)],
                    UserProperties = [.. Enumerable.Range(0, random.Next(5)).Select(_ => new UserProperty(Text(30), Text(30)))],
                },
            };
            var written = PublishPacket.Write(new ArrayBufferWriter<byte>(), message, ProtocolVersion.V500, new PublishHeader(QualityOfService.ExactlyOnce, 1, true, true, 7));
            Assert.True(SharedMessage.CostOf(message) >= written);
        }
    }
}
