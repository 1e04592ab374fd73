using Gateway.Mqtt;

namespace Gateway.Storage;

/// <summary>One stream of the outbox, read by one sender.</summary>
public interface IOutboxStream
{
    StreamId Id { get; }

    /// <summary>The epoch of new entries: random, made when the stream is created, or its data folder has come to another machine or out of a backup.</summary>
    ulong Epoch { get; }

    /// <summary>Where the whole stream stands, in positions: what <see cref="TryRead"/> and its neighbours call seq. In the first epoch, these are the numbers.</summary>
    StreamLedger Ledger { get; }

    /// <summary>Where each epoch stands, in its own numbers: the current one first, then those before it, newest first, as long as a backend may not know their end.</summary>
    IReadOnlyList<StreamLedger> Epochs { get; }

    /// <summary>Who the entry at this position is to a backend.</summary>
    EntryIdentity Identify(ulong seq);

    /// <summary>The position of the gap's first number; 0: before everything that waits.</summary>
    ulong PositionOf(Gap gap);

    /// <summary>Bytes on disk that the waiting entries take.</summary>
    long Bytes { get; }

    /// <summary>Whether the disk cannot be read for the time being: what is not found is not gone.</summary>
    bool IsPaused { get; }

    /// <summary>Completes when an entry with a number of at least <paramref name="seq"/> is durable, or the cursor has jumped over it.</summary>
    ValueTask WaitAsync(ulong seq, CancellationToken cancellation);

    /// <summary>Reads the oldest durable entry with a number of at least <paramref name="seq"/> and marks it as in flight, so that it is not dropped.</summary>
    /// <remarks>One that is in flight is read again as it is, unless its Message Expiry Interval ended meanwhile: it is a gap then.</remarks>
    /// <returns>false: there is none yet.</returns>
    bool TryRead(ulong seq, out OutboxEntry entry);

    /// <summary>Upstream has it. Any order; the cursor moves over what is contiguous.</summary>
    void Acknowledge(ulong seq);

    /// <summary>Upstream will never have it: a gap of this reason takes its place.</summary>
    void Abandon(ulong seq, GapReason reason);

    /// <summary>The connection ended: nothing is in flight any more; reading starts again at <see cref="StreamLedger.Oldest"/>.</summary>
    void Rewind();

    /// <summary>Gaps that upstream has not been told yet, oldest first; also those behind entries in flight, over which the cursor has not passed yet.</summary>
    IReadOnlyList<Gap> Gaps { get; }

    /// <summary>Upstream has been told of this range. What has grown together with it meanwhile stays to be told.</summary>
    void Forget(Gap gap);
}

/// <summary>An entry of a stream.</summary>
/// <param name="Seq">Its position: contiguous in the stream, from 1. Backends know it by <see cref="IOutboxStream.Identify"/>.</param>
/// <param name="Topic">The topic that upstream shall see.</param>
/// <param name="Message">The message; its <see cref="MessageProperties.MessageExpiryInterval"/> is what remains of it now.</param>
/// <param name="AppendedAt">Wall clock of the append, UTC.</param>
public readonly record struct OutboxEntry(ulong Seq, string Topic, MqttMessage Message, DateTimeOffset AppendedAt);

/// <summary>The figures by which a backend proves that nothing is missing: of one epoch, or of the whole stream.</summary>
/// <param name="Epoch">Epoch of the numbers; of the whole stream, the current one.</param>
/// <param name="Oldest">The oldest number that is still here; equals <paramref name="Next"/> when the stream is empty.</param>
/// <param name="Next">The number that the next durable message gets.</param>
/// <param name="Acknowledged">Entries that upstream acknowledged.</param>
/// <param name="Dropped">Entries that lie in gaps below <paramref name="Oldest"/>.</param>
public readonly record struct StreamLedger(ulong Epoch, ulong Oldest, ulong Next, ulong Acknowledged, ulong Dropped);
