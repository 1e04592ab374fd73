using Gateway.Configuration;

namespace Gateway.Broker;

/// <summary>The keys of <c>broker: limits</c>.</summary>
public static class BrokerLimitsTable
{
    public static readonly Kind<BrokerLimits> Kind = new Table<BrokerLimits>("a map of limits", "{ clients: 1000, packet: 256KiB }", Read);

    /// <summary>MQTT 5.0 §2.1.4: the Remaining Length ends at 268,435,455.</summary>
    private const long LargestPacket = 268_435_455;

    private static BrokerLimits Read(MapReader map)
    {
        var limits = new BrokerLimits
        {
            Clients = map.Optional("clients", Kinds.Integer(1, 100_000, "1000"), BrokerLimits.DefaultClients, "Connections at a time."),
            Packet = (int)map.Optional("packet", Kinds.Size(1 << 10, LargestPacket), BrokerLimits.DefaultPacket, "Largest packet (MQTT's Maximum Packet Size)."),
            Memory = map.Optional("memory", Kinds.Size(1 << 20, 64L << 30), BrokerLimits.DefaultMemory, "All clients' queues together; the heaviest is shed first."),
            Inflight = map.Optional("inflight", Kinds.Integer(1, 65535, "100"), BrokerLimits.DefaultInflight, "Unacknowledged messages each way (MQTT's Receive Maximum)."),
            SessionExpiry = map.Optional(
                "session-expiry", Kinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)), BrokerLimits.DefaultSessionExpiry, "Longest life of a session without its client."),
        };
        if (limits.Packet > limits.Memory)
        {
            map.Wrong("packet", "one packet may be larger than the memory for all queues", "write a smaller packet or a larger memory");
        }

        return limits;
    }
}
