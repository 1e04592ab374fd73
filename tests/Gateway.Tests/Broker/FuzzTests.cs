using System.Buffers;
using Gateway.Mqtt;
using Gateway.Tests.Broker.Wire;

namespace Gateway.Tests.Broker;

/// <summary>Whatever bytes a client sends: the handler throws nothing (the host collects logged errors), and others are not touched.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 400;

    [Fact]
    public async Task Connection_RandomBytes_HurtNobodyElse()
    {
        await using var host = await BrokerHost.StartAsync();
        using var witness = await WitnessAsync(host);
        var random = new Random(7);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            await ThrowAtAsync(host, bytes, connectFirst: round % 2 == 0);
        }

        await CheckAsync(witness);
    }

    [Fact]
    public async Task Connection_MutatedPackets_HurtNobodyElse()
    {
        await using var host = await BrokerHost.StartAsync();
        using var witness = await WitnessAsync(host);
        var random = new Random(8);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Conversation();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                switch (random.Next(3))
                {
                    case 0:
                        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                        break;
                    default:
                        bytes = bytes[..random.Next(1, bytes.Length + 1)];
                        break;
                }
            }

            await ThrowAtAsync(host, bytes, connectFirst: random.Next(2) == 0);
        }

        await CheckAsync(witness);
    }

    private static byte[] Conversation()
    {
        var output = new ArrayBufferWriter<byte>();
        const ProtocolVersion v = ProtocolVersion.V500;
        var will = new Will(new MqttMessage { Topic = "fuzz/will", Properties = new MessageProperties { ContentType = "x" } }, 0);
        new ConnectPacket { ClientId = "fuzz", CleanStart = true, Will = will, Username = "u", SessionExpiryInterval = 1, ReceiveMaximum = 3 }.Write(output);
        new SubscribePacket(1, [new Subscription("fuzz/#", QualityOfService.ExactlyOnce), new Subscription("+/x", QualityOfService.AtLeastOnce)]).Write(output, v);
        for (ushort id = 1; id <= 3; id++)
        {
            var message = new MqttMessage
            {
                Topic = $"fuzz/{id}",
                Payload = new byte[id * 10],
                Properties = new MessageProperties { ResponseTopic = "r", CorrelationData = new byte[3], UserProperties = [new("k", "v")], MessageExpiryInterval = 9 },
            };
            PublishPacket.Write(output, message, v, new PublishHeader((QualityOfService)(id - 1), id == 1 ? (ushort)0 : id, id == 2, false, 9));
        }

        new AckPacket(PacketType.PubRel, 3).Write(output, v);
        new AckPacket(PacketType.PubAck, 1).Write(output, v);
        new AckPacket(PacketType.PubRec, 2, ReasonCode.Success, "why").Write(output, v);
        new UnsubscribePacket(2, ["fuzz/#"]).Write(output, v);
        Ping.WriteRequest(output);
        new DisconnectPacket(ReasonCode.DisconnectWithWill, 5).Write(output, v);
        return output.WrittenSpan.ToArray();
    }

    private static async Task ThrowAtAsync(BrokerHost host, byte[] bytes, bool connectFirst)
    {
        using var client = connectFirst ? await host.ConnectAsync("fuzzer") : await host.OpenAsync();
        try
        {
            await client.SendAsync(bytes);
        }
        catch (IOException)
        {
            // It was closed while we were speaking.
        }
    }

    private static async Task<WireClient> WitnessAsync(BrokerHost host)
    {
        var witness = await host.ConnectAsync("witness", ProtocolVersion.V311);
        await witness.SubscribeAsync("witness", 1);
        return witness;
    }

    private static async Task CheckAsync(WireClient witness)
    {
        await witness.PublishAsync("witness", "still here");
        Assert.Equal("still here", (await witness.ExpectPublishAsync()).Text());
        await witness.ExpectNothingAsync();
    }
}
