namespace Gateway.Benchmarks.Outbox;

/// <summary>A way to keep messages on disk. Made anew for each round, in an empty folder.</summary>
internal interface IStore : IDisposable
{
    /// <summary>Lets this many publishers append for a while, each waiting for its acknowledgement before its next message.</summary>
    /// <returns>Messages acknowledged.</returns>
    long Append(int waiting, TimeSpan time, AckTimes acks);
}

/// <summary>A store from which messages can be taken again.</summary>
internal interface IQueue : IStore
{
    /// <summary>Appends this many messages, all durable on return.</summary>
    /// <param name="count">How many.</param>
    /// <param name="batch">How many become durable at once.</param>
    void Fill(long count, int batch);

    /// <summary>Reads the oldest messages and forgets them, as many.</summary>
    void Drain(long count);

    /// <summary>As <see cref="IStore.Append"/>, while everything appended is read and forgotten.</summary>
    long AppendAndDrain(int waiting, TimeSpan time, AckTimes acks);

    /// <summary>Appends one batch, one commit, and forgets as many of the oldest.</summary>
    void Pass(int batch);
}
