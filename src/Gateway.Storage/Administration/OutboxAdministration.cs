using System.Runtime.CompilerServices;

namespace Gateway.Storage;

/// <summary>What those may do who look after the outbox: look at streams, give entries up, remove what nobody serves, verify the disk. Safe to call from any thread.</summary>
public sealed class OutboxAdministration
{
    private readonly CommitterParts _parts;
    private readonly StreamHost _host;
    private readonly Quarantine _quarantine;

    internal OutboxAdministration(CommitterParts parts, StreamHost host, Quarantine quarantine) => (_parts, _host, _quarantine) = (parts, host, quarantine);

    /// <summary>Every stream on disk, by name.</summary>
    public IReadOnlyList<StreamOverview> Streams =>
        [.. _parts.Appender.Streams.Select(static s => s.Ask(static b => b.Overview())).OrderBy(s => s.Id.Bridge, StringComparer.Ordinal).ThenBy(s => s.Id.Lane)];

    /// <summary>Looks at what waits, without disturbing its sender. Reads the disk.</summary>
    /// <returns>null: there is no such stream.</returns>
    public StreamLook? Look(StreamId id, ulong from) => Find(id) is { } stream ? new StreamLook(stream, _host, from) : null;

    /// <summary>Gives up what waits up to a number, as a gap of reason <see cref="GapReason.Operator"/>.</summary>
    /// <param name="id">Which stream.</param>
    /// <param name="through">The last number, inclusive; null: everything that is durable now.</param>
    /// <param name="inFlightToo">There is no connection: what was in flight when it ended goes as well.</param>
    /// <returns>Durable; null: there is no such stream.</returns>
    /// <exception cref="JournalException">It cannot be written.</exception>
    public async Task<OperatorDrop?> DropAsync(StreamId id, ulong? through, bool inFlightToo)
    {
        if (Find(id) is not { } stream)
        {
            return null;
        }

        var last = Math.Min(through ?? ulong.MaxValue, stream.Ledger.Next - 1);
        var dropped = stream.Ask(b => b.GiveUp(last, inFlightToo));
        await CommitAsync().ConfigureAwait(false);
        return dropped;
    }

    /// <summary>Makes durable what is known of the streams.</summary>
    /// <exception cref="JournalException">It cannot be written.</exception>
    public Task CommitAsync() => _parts.Requests.AskAsync(static c =>
    {
        c.CommitNow();
        return true;
    });

    /// <summary>Makes durable what is known, and keeps what is on disk then from being used again, until the snapshot is disposed.</summary>
    /// <exception cref="JournalException">It cannot be written.</exception>
    public Task<JournalSnapshot> SnapshotAsync() => _parts.Requests.AskAsync(c => new JournalSnapshot(_host.Files, c.Pin()));

    /// <summary>Removes a stream that no bridge has opened, with everything that waits in it, and frees its place. It does not come back.</summary>
    /// <returns>How many entries waited in it; null: there is no such stream.</returns>
    /// <exception cref="JournalException">It cannot be written, or a bridge serves it.</exception>
    public Task<ulong?> RemoveAsync(StreamId id) => _parts.Requests.AskAsync<ulong?>(c =>
    {
        if (Find(id) is not { } stream)
        {
            return null;
        }

        if (stream.Limits is not null)
        {
            throw new JournalException($"{id} is served by a bridge: take the bridge out of the configuration (edge-gateway apply), or drop what waits");
        }

        var waiting = stream.Ask(static b => b.Progress.Waiting);
        c.Remove(stream);
        return waiting;
    });

    /// <summary>Verifies every segment, one by one, beside whoever works on them. Changes nothing.</summary>
    public async IAsyncEnumerable<FileFinding> InspectFilesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var inspection = new SegmentInspection(_host.Files, _host.SumStart);
        foreach (var segment in await _parts.Requests.AskAsync(static c => c.Segments).ConfigureAwait(false))
        {
            // One that nobody needs any more may be used again meanwhile: what it held is no longer of interest.
            if (!await _parts.Requests.AskAsync(c => TryPin(c, segment)).ConfigureAwait(false))
            {
                continue;
            }

            try
            {
                yield return inspection.Run(segment, cancellation);
            }
            finally
            {
                segment.Unpin();
            }
        }
    }

    /// <summary>Puts a copy of a damaged segment aside.</summary>
    public async Task KeepAsync(FileFinding finding)
    {
        foreach (var segment in await _parts.Requests.AskAsync(static c => c.Segments).ConfigureAwait(false))
        {
            if (Path.GetFileName(segment.Path) == finding.Name && await _parts.Requests.AskAsync(c => TryPin(c, segment)).ConfigureAwait(false))
            {
                using var pin = new Pinned(segment);
                _quarantine.Keep(segment.Path, "a part of it cannot be read");
            }
        }
    }

    /// <summary>Reads everything that waits in a stream.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="repair">What cannot be read becomes a gap, and its file is put aside; what is in flight was read already and is passed over.</param>
    /// <param name="cancellation">Gives up between two entries.</param>
    public StreamFinding? Inspect(StreamId id, bool repair, CancellationToken cancellation)
    {
        if (Find(id) is not { } stream)
        {
            return null;
        }

        using var reader = new EntryReader(_host.Files, _host.SumStart);
        var lost = new List<SeqRange>();
        var readable = 0UL;
        var end = stream.Ledger.Next;
        for (var seq = 0UL; stream.Reading.TryStep(reader, ref seq, inFlightToo: !repair, repair, out var unreadable) && seq < end; seq++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (unreadable is null && reader.Decode(stream.Number, receivedAt: 0) is not null)
            {
                readable++;
                continue;
            }

            var last = unreadable ?? seq;
            lost.Add(new SeqRange(seq, last));
            if (repair)
            {
                stream.Reading.Lose(seq, last, reader.Segment);
            }

            seq = last;
        }

        return new StreamFinding(id, readable, lost);
    }

    private static bool TryPin(Committer committer, Segment segment)
    {
        if (!committer.Segments.Contains(segment))
        {
            return false;
        }

        segment.Pin();
        return true;
    }

    private OutboxStream? Find(StreamId id) => _parts.Appender.Streams.FirstOrDefault(s => s.Id == id);

    private readonly struct Pinned(Segment segment) : IDisposable
    {
        public void Dispose() => segment.Unpin();
    }
}
