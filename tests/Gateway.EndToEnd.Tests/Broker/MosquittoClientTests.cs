namespace Gateway.EndToEnd.Tests.Broker;

/// <summary>Debian's mosquitto_pub and mosquitto_sub against the LAN broker.</summary>
public sealed class MosquittoClientTests
{
    public static TheoryData<string> Versions => ["mqttv31", "mqttv311", "mqttv5"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task PubSub_EachQosAndWildcards_Arrives(string version)
    {
        await using var broker = await LanBroker.StartAsync();
        using var subscriber = await SubscribeAsync(broker, version, "-q", "2", "-t", "a/+/c", "-t", "b/#", "-C", "4", "-v");
        await PublishAsync(broker, version, "-t", "a/1/c", "-m", "zero", "-q", "0");
        await PublishAsync(broker, version, "-t", "a/2/c", "-m", "one", "-q", "1");
        await PublishAsync(broker, version, "-t", "a/x", "-m", "not this", "-q", "1");
        await PublishAsync(broker, version, "-t", "b", "-m", "two", "-q", "2");
        await PublishAsync(broker, version, "-t", "b/c/d", "-m", "last", "-q", "0");
        Assert.Equal(["a/1/c zero", "a/2/c one", "b two", "b/c/d last"], Messages(await subscriber.FinishAsync()));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Retained_IsThereForTheNextSubscriberUntilCleared(string version)
    {
        await using var broker = await LanBroker.StartAsync();
        await PublishAsync(broker, version, "-t", "r/1", "-m", "kept", "-r", "-q", "1");
        await PublishAsync(broker, version, "-t", "r/2", "-m", "cleared", "-r", "-q", "1");
        await PublishAsync(broker, version, "-t", "r/2", "-n", "-r", "-q", "1");
        var got = await ClientTool.RunAsync("mosquitto_sub", [.. At(broker, version), "-t", "r/#", "-C", "1", "-F", "%t %r %p"]);
        Assert.Equal("r/1 1 kept", got.Trim());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Will_OfAKilledClient_IsPublished(string version)
    {
        await using var broker = await LanBroker.StartAsync();
        using var watcher = await SubscribeAsync(broker, version, "-q", "1", "-t", "will/#", "-C", "1", "-v");
        using var victim = await SubscribeAsync(broker, version, "-t", "x", "--will-topic", "will/victim", "--will-payload", "gone", "--will-qos", "1");
        victim.Kill();
        Assert.Equal(["will/victim gone"], Messages(await watcher.FinishAsync()));
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task PersistentSession_WhileAway_IsKept(string version)
    {
        await using var broker = await LanBroker.StartAsync();
        string[] session = version == "mqttv5" ? ["-c", "-i", "keeper", "-x", "600"] : ["-c", "-i", "keeper"];
        await ClientTool.RunAsync("mosquitto_sub", [.. At(broker, version), .. session, "-t", "p", "-q", "1", "-E"]);
        for (var i = 0; i < 20; i++)
        {
            await PublishAsync(broker, version, "-t", "p", "-m", $"{i}", "-q", "1");
        }

        var got = await ClientTool.RunAsync("mosquitto_sub", [.. At(broker, version), .. session, "-t", "p", "-q", "1", "-C", "20"]);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), got.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Properties_Of5_TravelFromEndToEnd()
    {
        await using var broker = await LanBroker.StartAsync();
        using var subscriber = ClientTool.Start("mosquitto_sub", [.. At(broker, "mqttv5"), "-d", "-t", "t", "-C", "1", "-F", "%t|%p|%C|%R|%D|%P"]);
        await subscriber.ReadUntilAsync("Subscribed");
        await PublishAsync(
            broker, "mqttv5", "-t", "t", "-m", "x", "-D", "publish", "content-type", "text/plain", "-D", "publish", "response-topic", "r",
            "-D", "publish", "correlation-data", "c1", "-D", "publish", "user-property", "k1", "v1", "-D", "publish", "user-property", "k0", "v0");
        Assert.Contains("t|x|text/plain|r|c1|k1:v1 k0:v0", await subscriber.FinishAsync(), StringComparison.Ordinal);
    }

    private static Task<string> PublishAsync(LanBroker broker, string version, params string[] arguments) =>
        ClientTool.RunAsync("mosquitto_pub", [.. At(broker, version), .. version == "mqttv31" ? new[] { "-i", $"pub-{Guid.NewGuid():N}"[..20] } : [], .. arguments]);

    private static async Task<ClientTool> SubscribeAsync(LanBroker broker, string version, params string[] arguments)
    {
        var tool = ClientTool.Start("mosquitto_sub", [.. At(broker, version), "-d", .. arguments]);
        await tool.ReadUntilAsync("Subscribed");
        return tool;
    }

    private static string[] At(LanBroker broker, string version) => ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-V", version];

    /// <summary>Without the debug lines by which we know that it has subscribed.</summary>
    private static IEnumerable<string> Messages(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("Client ", StringComparison.Ordinal) && !line.StartsWith("Subscribed", StringComparison.Ordinal));
}
