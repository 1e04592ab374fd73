namespace Gateway.Storage;

/// <summary>The real file system.</summary>
public sealed class DiskFiles : IJournalFiles
{
    public void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("the journal needs fdatasync and flock");
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public IReadOnlyList<string> List(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder) : [];

    public IReadOnlyList<string> Folders(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    public IJournalFile Open(string path) => new DiskFile(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);

    public IJournalFile OpenRead(string path) => new DiskFile(path, FileMode.Open, FileAccess.Read);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public void SyncFolder(string folder) => Libc.SyncFolder(folder);

    public IDisposable Lock(string path) => JournalLock.Take(path);
}
