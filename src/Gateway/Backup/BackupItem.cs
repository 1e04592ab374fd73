using Gateway.Storage;

namespace Gateway.Backup;

/// <summary>A file on its way into an archive.</summary>
/// <param name="Name">In the archive.</param>
/// <param name="Length">Bytes of it that go there.</param>
/// <param name="Size">Bytes that it has, and will have when it is restored.</param>
/// <param name="Open">Opens it.</param>
internal sealed record BackupItem(string Name, long Length, long Size, Func<Stream> Open)
{
    /// <summary>A small file, as it is now.</summary>
    public static BackupItem Of(string name, string path)
    {
        var bytes = File.ReadAllBytes(path);
        return new BackupItem(name, bytes.Length, bytes.Length, () => new MemoryStream(bytes, writable: false));
    }

    public static BackupItem Of(JournalSnapshot snapshot, SnapshotSegment segment) => new(
        $"{BackupManifest.JournalFolder}{Path.GetFileName(segment.Path)}", segment.Length, segment.Size, () => new SegmentStream(snapshot.Open(segment), segment.Length));
}
