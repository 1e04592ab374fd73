using Gateway.Identity;
using Gateway.Storage;

namespace Gateway.OutboxControl;

/// <summary>Files for root to work in the gateway's data folder: what it makes there belongs to the folder's owner, or the gateway could not start afterwards.</summary>
internal sealed class OwnedFiles(IJournalFiles files, uint user, uint group) : IJournalFiles
{
    /// <summary>As the caller, unless that is root and the folder somebody else's.</summary>
    public static IJournalFiles For(string data)
    {
        var files = new DiskFiles();
        return Environment.IsPrivilegedProcess && FileOwner.Of(data) is { User: not 0 } owner ? new OwnedFiles(files, owner.User, owner.Group) : files;
    }

    public void CreateFolder(string folder)
    {
        var parent = Path.GetDirectoryName(folder)!;
        if (!Directory.Exists(parent))
        {
            CreateFolder(parent);
        }

        var isNew = !Directory.Exists(folder);
        files.CreateFolder(folder);
        GiveIf(isNew, folder);
    }

    public IReadOnlyList<string> List(string folder) => files.List(folder);

    public IReadOnlyList<string> Folders(string folder) => files.Folders(folder);

    public IJournalFile OpenRead(string path) => files.OpenRead(path);

    public IJournalFile Open(string path)
    {
        var isNew = !File.Exists(path);
        var file = files.Open(path);
        GiveIf(isNew, path);
        return file;
    }

    public void Rename(string from, string to) => files.Rename(from, to);

    public void Delete(string path) => files.Delete(path);

    public void SyncFolder(string folder) => files.SyncFolder(folder);

    public IDisposable Lock(string path)
    {
        var isNew = !File.Exists(path);
        var held = files.Lock(path);
        GiveIf(isNew, path);
        return held;
    }

    private void GiveIf(bool isNew, string path)
    {
        if (isNew)
        {
            FileOwner.Give(path, user, group);
        }
    }
}
