using System.Security.Cryptography;

namespace Gateway.Storage;

/// <summary>All streams on disk, and the numbers by which the journal knows them. Guarded by the appender; <see cref="All"/> may be read by anybody.</summary>
internal sealed class StreamRoll
{
    private List<OutboxStream> _streams = [];
    private uint _next;

    /// <summary>A snapshot.</summary>
    public IReadOnlyList<OutboxStream> All => Volatile.Read(ref _streams);

    /// <summary>After a start: takes over what was on disk.</summary>
    /// <param name="streams">All streams.</param>
    /// <param name="next">The lowest number of a stream of which nothing is on disk, not even of one that was removed.</param>
    public void Restore(IEnumerable<OutboxStream> streams, uint next)
    {
        _streams = [.. streams];
        _next = next;
        foreach (var stream in _streams)
        {
            stream.Pending.Restore(stream.Ledger.Next);
        }
    }

    public OutboxStream Create(StreamId id, StreamHost host)
    {
        var stream = new OutboxStream(_next++, id, Eras.First(NewEpoch()), host);
        Add(stream);
        return stream;
    }

    /// <summary>Gives every stream a new epoch.</summary>
    public void Renew()
    {
        foreach (var stream in _streams)
        {
            stream.Renew(NewEpoch());
        }
    }

    public void Add(OutboxStream stream) => Volatile.Write(ref _streams, [.. _streams, stream]);

    public void Remove(OutboxStream stream) => Volatile.Write(ref _streams, [.. _streams.Where(s => s != stream)]);

    private static ulong NewEpoch()
    {
        Span<byte> epoch = stackalloc byte[8];
        RandomNumberGenerator.Fill(epoch);
        return BitConverter.ToUInt64(epoch);
    }
}
