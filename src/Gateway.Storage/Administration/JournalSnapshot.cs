namespace Gateway.Storage;

/// <summary>The journal as one commit left it. While somebody has it, none of its segments is used again; the journal goes on beside it.</summary>
public sealed class JournalSnapshot : IDisposable
{
    private readonly IJournalFiles _files;
    private readonly List<Segment> _pinned;
    private int _disposed;

    internal JournalSnapshot(IJournalFiles files, List<Segment> segments)
    {
        (_files, _pinned) = (files, segments);
        Segments = [.. segments.Select(static s => new SnapshotSegment(s.Path, s.End, s.Size))];
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SnapshotSegment> Segments { get; }

    public IJournalFile Open(SnapshotSegment segment) => _files.Open(segment.Path);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _pinned.ForEach(static s => s.Unpin());
        }
    }
}

/// <summary>A segment of a snapshot.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">Bytes of it that count. What lies behind was not there yet.</param>
/// <param name="Size">Bytes that its file must have, zeros behind what counts.</param>
public sealed record SnapshotSegment(string Path, long Length, long Size);
