namespace Gateway.Storage;

/// <summary>Counts every byte that the journal writes, whoever writes it: the wear of the card.</summary>
internal sealed class MeteredFiles(IJournalFiles files, StorageMetrics metrics) : IJournalFiles
{
    public void CreateFolder(string folder) => files.CreateFolder(folder);

    public IReadOnlyList<string> List(string folder) => files.List(folder);

    public IReadOnlyList<string> Folders(string folder) => files.Folders(folder);

    public IJournalFile Open(string path) => new MeteredFile(files.Open(path), metrics, KindOf(Path.GetFileName(path)));

    public IJournalFile OpenRead(string path) => files.OpenRead(path);

    public void Rename(string from, string to) => files.Rename(from, to);

    public void Delete(string path) => files.Delete(path);

    public void SyncFolder(string folder) => files.SyncFolder(folder);

    public IDisposable Lock(string path) => files.Lock(path);

    private static string KindOf(string name) =>
        name.StartsWith(SegmentPool.SparePrefix, StringComparison.Ordinal) ? "spare" : name.EndsWith(".seg", StringComparison.Ordinal) ? "segment" : "mark";

    private sealed class MeteredFile(IJournalFile file, StorageMetrics metrics, string kind) : IJournalFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> buffer, long offset) => file.Read(buffer, offset);

        public void Write(ReadOnlySpan<byte> buffer, long offset)
        {
            file.Write(buffer, offset);
            metrics.Wrote(buffer.Length, kind);
        }

        public void Sync() => file.Sync();

        public void Truncate(long length) => file.Truncate(length);

        public void Dispose() => file.Dispose();
    }
}
