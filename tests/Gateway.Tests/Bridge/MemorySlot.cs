using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Bridge;

/// <summary>One number of a <see cref="MemoryStream"/>, and what became of it.</summary>
internal sealed class MemorySlot(string topic, MqttMessage message, long at, DateTimeOffset wall)
{
    private const int Block = 4096;

    public string Topic => topic;

    public MqttMessage Message => message;

    /// <summary>Timestamp of the append.</summary>
    public long At { get; set; } = at;

    public DateTimeOffset Wall => wall;

    public long Cost { get; } = CostOf(message);

    public bool IsInFlight { get; set; }

    /// <summary>Acknowledged, or dropped.</summary>
    public bool IsDone { get; set; }

    public GapReason? Reason { get; set; }

    /// <summary>Upstream knows of its gap.</summary>
    public bool IsTold { get; set; }

    public bool IsWaiting => !IsDone;

    /// <summary>As on a disk where each is alone in its commit.</summary>
    public static long CostOf(MqttMessage message) => (message.Payload.Length + message.Topic.Length + 200 + Block - 1) / Block * Block;

    public void Drop(GapReason reason) => (Reason, IsDone, IsInFlight) = (reason, true, false);

    /// <summary>Seconds of its life that are left; null: it has no end.</summary>
    public long? Remaining(TimeProvider time) => message.Properties.MessageExpiryInterval - (long)time.GetElapsedTime(At).TotalSeconds;

    public OutboxEntry Read(ulong seq, TimeProvider time) => new(
        seq,
        topic,
        message with { Properties = message.Properties with { MessageExpiryInterval = (uint?)Remaining(time) }, ReceivedAt = time.GetTimestamp() },
        wall);
}
