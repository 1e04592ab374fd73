using Gateway.Mqtt;

namespace Gateway.Storage;

/// <summary>The store-and-forward outbox: every message once, with the streams that want it.</summary>
/// <remarks>All members are safe to call from any thread; none of them blocks on the disk, except opening and closing.</remarks>
public interface IOutbox
{
    /// <summary>What has become durable so far, and who wants to hear when that grows.</summary>
    IDurability Durability { get; }

    /// <summary>Opens the stream, making it (with a new epoch) when it is unknown. It has one sender at a time.</summary>
    IOutboxStream Open(StreamId id, StreamLimits limits);

    /// <summary>Its sender has ended: the stream is kept with everything in it, without limits, until it is opened again or removed by a person.</summary>
    /// <remarks>What was on its way into it meanwhile is taken.</remarks>
    void Close(StreamId id);

    /// <summary>Streams that are on disk, opened or not (a bridge that left the configuration keeps its stream).</summary>
    IReadOnlyList<StreamId> Known { get; }

    /// <summary>Appends the message to all <paramref name="targets"/> at once: after a crash either every stream has it or none.</summary>
    /// <param name="message">The message; what travels upstream is its topic, payload, QoS, retain flag and properties.</param>
    /// <param name="targets">Streams that want it, each at most once; the topic is what that stream's upstream sees.</param>
    /// <param name="urgency">Whether somebody waits for the acknowledgement.</param>
    /// <remarks>Nothing is dropped in silence: who waits is told (<see cref="AppendStatus.Refused"/>, <see cref="AppendStatus.Failed"/>: no number was given);
    /// otherwise each stream that does not take the message gives it a number all the same, as a gap.</remarks>
    AppendResult Append(MqttMessage message, ReadOnlySpan<OutboxTarget> targets, Urgency urgency);
}

/// <summary>A stream that wants a message, and the topic under which its upstream shall see it (null: the message's own).</summary>
public readonly record struct OutboxTarget(IOutboxStream Stream, string? Topic);

/// <summary>When an append is committed.</summary>
public enum Urgency : byte
{
    /// <summary>Nobody waits: with the next commit, at the latest after the commit window.</summary>
    Window,

    /// <summary>Somebody waits: now.</summary>
    Immediate,
}

/// <summary>What came of an append.</summary>
public enum AppendStatus : byte
{
    /// <summary>Each stream took it, or by its policy has a gap in its place; durable once <see cref="IDurability.DurableLsn"/> has reached <see cref="AppendResult.Lsn"/>.</summary>
    Accepted,

    /// <summary>No stream took it: a full one with <see cref="WhenFull.Refuse"/> wants it, memory or disk are full, or it is too large.</summary>
    Refused,

    /// <summary>No stream took it: the disk fails.</summary>
    Failed,
}

/// <param name="Status">Whether it was taken.</param>
/// <param name="Lsn">Log sequence number: grows with every append; 0 if there is nothing to wait for.</param>
public readonly record struct AppendResult(AppendStatus Status, long Lsn);
