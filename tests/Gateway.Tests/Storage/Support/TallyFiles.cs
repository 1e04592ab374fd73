using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Counts what reaches the file layer below it, and can hold it up.</summary>
internal sealed class TallyFiles(IJournalFiles files) : IJournalFiles
{
    private long _written;

    /// <summary>Called with the path and the offset before anything is written.</summary>
    public Action<string, long>? Writing { get; set; }

    /// <summary>Bytes written.</summary>
    public long Written => Interlocked.Read(ref _written);

    public void CreateFolder(string folder) => files.CreateFolder(folder);

    public IReadOnlyList<string> List(string folder) => files.List(folder);

    public IReadOnlyList<string> Folders(string folder) => files.Folders(folder);

    public IJournalFile Open(string path) => new TallyFile(files.Open(path), path, this);

    public IJournalFile OpenRead(string path) => files.OpenRead(path);

    public void Rename(string from, string to) => files.Rename(from, to);

    public void Delete(string path) => files.Delete(path);

    public void SyncFolder(string folder) => files.SyncFolder(folder);

    public IDisposable Lock(string path) => files.Lock(path);

    private sealed class TallyFile(IJournalFile file, string path, TallyFiles tally) : IJournalFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> buffer, long offset) => file.Read(buffer, offset);

        public void Write(ReadOnlySpan<byte> buffer, long offset)
        {
            tally.Writing?.Invoke(path, offset);
            file.Write(buffer, offset);
            Interlocked.Add(ref tally._written, buffer.Length);
        }

        public void Sync() => file.Sync();

        public void Truncate(long length) => file.Truncate(length);

        public void Dispose() => file.Dispose();
    }
}
