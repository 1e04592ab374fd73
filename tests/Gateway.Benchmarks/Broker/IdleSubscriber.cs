using Gateway.Mqtt;

namespace Gateway.Benchmarks.Broker;

/// <summary>Subscriptions that nothing matches: they must not cost those whom they do not concern.</summary>
internal static class IdleSubscriber
{
    private const int PerPacket = 100;

    public static void Run(int port, int count)
    {
        using var client = new LoadClient(port, "idle");
        for (var i = 0; i < count; i += PerPacket)
        {
            client.Subscribe([.. Enumerable.Range(i, PerPacket).Select(n => $"bench/+/idle{n}/#")], QualityOfService.AtMostOnce);
        }

        Console.WriteLine("subscribed; Enter ends");
        Console.ReadLine();
    }
}
