namespace Gateway.Broker;

/// <summary>Why a message did not reach somebody who wanted it, or was not taken.</summary>
public enum DropReason : byte
{
    /// <summary>QoS 0 for a client whose queue is full.</summary>
    SlowConsumer,

    /// <summary>Acknowledged messages of a session whose queue is full.</summary>
    SessionOverflow,

    /// <summary>All queues together are over their budget, and this one was the heaviest.</summary>
    MemoryBudget,

    /// <summary>Its Message Expiry Interval ended in the queue.</summary>
    Expired,

    /// <summary>Larger than the client's Maximum Packet Size.</summary>
    PacketTooLarge,

    /// <summary>Own id in gw-path, or too many hops.</summary>
    Looped,

    /// <summary>A client published to a topic of the server ($…).</summary>
    ReservedTopic,

    /// <summary>Its publisher may not publish there, or its reader may no longer read there.</summary>
    NotAuthorized,

    /// <summary>No room for another retained message.</summary>
    RetainedFull,

    /// <summary>The outbox did not take it: a full stream that refuses, or a disk that fails.</summary>
    Outbox,
}

public static class DropReasonNames
{
    public static readonly IReadOnlyList<DropReason> All = Enum.GetValues<DropReason>();

    /// <summary>The reason's name in status and metrics.</summary>
    public static string Name(this DropReason reason) => reason switch
    {
        DropReason.SlowConsumer => "slow-consumer",
        DropReason.SessionOverflow => "session-overflow",
        DropReason.MemoryBudget => "memory-budget",
        DropReason.Expired => "expired",
        DropReason.PacketTooLarge => "packet-too-large",
        DropReason.Looped => "looped",
        DropReason.ReservedTopic => "reserved-topic",
        DropReason.NotAuthorized => "not-authorized",
        DropReason.RetainedFull => "retained-full",
        DropReason.Outbox => "outbox",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
