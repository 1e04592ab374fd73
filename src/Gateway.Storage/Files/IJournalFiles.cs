namespace Gateway.Storage;

/// <summary>The file system, as far as the journal uses it: the seam at which tests cut the power.</summary>
/// <remarks>Failures are <see cref="IOException"/>s whose HResult is the errno. Names are full paths.</remarks>
public interface IJournalFiles
{
    void CreateFolder(string folder);

    /// <summary>Full paths of the files in the folder; empty if there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Full paths of the folders in the folder; empty if there is no such folder.</summary>
    IReadOnlyList<string> Folders(string folder);

    /// <summary>Opens for reading and writing; makes an empty file if there is none.</summary>
    IJournalFile Open(string path);

    /// <summary>Opens for reading only, which a file system that has become read-only still allows.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    IJournalFile OpenRead(string path);

    /// <summary>Atomic; an existing target is replaced. Durable after <see cref="SyncFolder"/>.</summary>
    void Rename(string from, string to);

    void Delete(string path);

    /// <summary>fsync of the folder: names made, renamed or removed in it survive a power cut.</summary>
    void SyncFolder(string folder);

    /// <summary>Takes the file as an exclusive lock and writes the holder into it.</summary>
    /// <exception cref="JournalLockedException">Another process holds it.</exception>
    IDisposable Lock(string path);
}

/// <summary>One file of the journal. Safe for one writer beside any number of readers.</summary>
public interface IJournalFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills the buffer from the offset on.</summary>
    /// <returns>Bytes read; fewer than asked for only at the end of the file.</returns>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Writes all of the buffer, or throws.</summary>
    void Write(ReadOnlySpan<byte> buffer, long offset);

    /// <summary>fdatasync: what was written, and the length, survive a power cut.</summary>
    void Sync();

    void Truncate(long length);
}
