using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Bridge;

/// <summary>Our client against Debian's Mosquitto.</summary>
public sealed class ClientTests
{
    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V500)]
    public async Task PublishAndSubscribe_BothProtocols_MessagesArriveInOrder(ProtocolVersion version)
    {
        await using var broker = await MosquittoUpstream.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "t/#", version);
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(ReasonCode.Success, await subscriber.PublishAsync("t/x", $"{i}"));
        }

        for (var i = 0; i < 500; i++)
        {
            Assert.Equal($"{i}", Subscriber.Text(await subscriber.NextAsync()));
        }

        Assert.Equal(version == ProtocolVersion.V500 ? ReasonCode.NoMatchingSubscribers : ReasonCode.Success, await subscriber.PublishAsync("nobody", "x"));
    }

    [Fact]
    public async Task Subscribe_Qos2FromAnotherClient_ArrivesOnce()
    {
        await using var broker = await MosquittoUpstream.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Port, "t");
        for (var i = 0; i < 3; i++)
        {
            using var peer = System.Diagnostics.Process.Start("mosquitto_pub", ["-p", $"{broker.Port}", "-t", "t", "-q", "2", "-m", $"{i}", "-V", "5"]);
            await peer.WaitForExitAsync();
            var message = await subscriber.NextAsync();
            Assert.Equal(($"{i}", QualityOfService.ExactlyOnce), (Subscriber.Text(message), message.Qos));
        }
    }

    [Fact]
    public async Task Connect_WrongPassword_IsRejected()
    {
        await using var broker = await MosquittoUpstream.StartAsync(folder =>
            $"allow_anonymous false\npassword_file {MosquittoUpstream.PasswordFileAsync(folder, "gw", "right").GetAwaiter().GetResult()}");
        var options = new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, Username = "gw", Password = "wrong" };
        var (_, failure) = await MqttClient.ConnectAsync(options, TimeProvider.System, default);
        Assert.Equal((ConnectFailureKind.Rejected, ReasonCode.NotAuthorized), (failure!.Kind, failure.ReasonCode));
        var (client, _) = await MqttClient.ConnectAsync(options with { Password = "right" }, TimeProvider.System, default);
        await client!.DisposeAsync();
    }
}
