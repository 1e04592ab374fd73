namespace Gateway.Storage;

/// <summary>The real files to read, and memory to write to: a journal can be opened, even a damaged one, and nothing on disk has changed afterwards.</summary>
public sealed class LookOnlyFiles(IJournalFiles files) : IJournalFiles
{
    private readonly Lock _lock = new();

    /// <summary>What was opened, made or renamed, by its present name; null: deleted, or renamed to another.</summary>
    private readonly Dictionary<string, LookOnlyNode?> _names = [];

    public void CreateFolder(string folder)
    {
        // Nobody else will see what is put there.
    }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_lock)
        {
            return [.. files.List(folder).Where(p => !_names.ContainsKey(p)), .. _names.Where(n => n.Value is not null && Path.GetDirectoryName(n.Key) == folder).Select(n => n.Key)];
        }
    }

    public IReadOnlyList<string> Folders(string folder) => files.Folders(folder);

    public IJournalFile OpenRead(string path) => Open(path);

    public IJournalFile Open(string path)
    {
        lock (_lock)
        {
            return Node(path).Open();
        }
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            _names[to] = Node(from);
            _names[from] = null;
        }
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            _names[path] = null;
        }
    }

    public void SyncFolder(string folder)
    {
        // As above.
    }

    /// <summary>The real lock, if there ever was one: nobody may write while we look.</summary>
    public IDisposable Lock(string path) => files.List(Path.GetDirectoryName(path)!).Contains(path) ? files.Lock(path) : new NoLock();

    private LookOnlyNode Node(string path)
    {
        if (_names.TryGetValue(path, out var node) && node is not null)
        {
            return node;
        }

        var real = !_names.ContainsKey(path) && files.List(Path.GetDirectoryName(path)!).Contains(path);

        // A new folder holds copies of what is damaged: nobody reads them.
        node = new LookOnlyNode(real ? () => files.OpenRead(path) : null, forgets: !real && files.List(Path.GetDirectoryName(path)!).Count == 0);
        _names[path] = node;
        return node;
    }

    private sealed class NoLock : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
