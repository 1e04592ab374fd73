using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>A disk in memory that records what was asked of it, can fail, and can be rebuilt as a power cut would have left it.</summary>
internal sealed class SimulatedDisk : IJournalFiles
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Inode> _names = [];
    private readonly HashSet<string> _locked = [];

    /// <summary>null: nothing is recorded.</summary>
    public List<DiskOperation>? Log { get; init; }

    /// <summary>Asked before each operation; what it returns is thrown.</summary>
    public Func<DiskOperationKind, string, Exception?>? Fault { get; set; }

    /// <summary>Called before a file is opened, while others go on: who blocks in it is a slow disk.</summary>
    public Action<string>? Opening { get; set; }

    /// <summary>A sector that cannot be read: whoever reads over it gets an error.</summary>
    public (string Path, long Offset)? Unreadable { get; set; }

    /// <summary>Bytes that all files together may take.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    public int Operations
    {
        get
        {
            lock (_lock)
            {
                return Log?.Count ?? 0;
            }
        }
    }

    public static IOException NoSpace => new("No space left on device", 28);

    public static IOException Broken => new("Input/output error", 5);

    public void CreateFolder(string folder)
    {
    }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_lock)
        {
            return [.. _names.Keys.Where(n => Path.GetDirectoryName(n) == folder)];
        }
    }

    public IReadOnlyList<string> Folders(string folder)
    {
        lock (_lock)
        {
            return [.. _names.Keys.Select(n => Path.GetDirectoryName(n)!).Where(n => Path.GetDirectoryName(n) == folder).Distinct()];
        }
    }

    public IJournalFile OpenRead(string path)
    {
        lock (_lock)
        {
            Check(DiskOperationKind.Open, path);
            return _names.TryGetValue(path, out var inode) ? new OpenFile(this, inode) : throw new FileNotFoundException($"{path}: no such file", path);
        }
    }

    public IJournalFile Open(string path)
    {
        Opening?.Invoke(path);
        lock (_lock)
        {
            Check(DiskOperationKind.Open, path);
            if (!_names.TryGetValue(path, out var inode))
            {
                Check(DiskOperationKind.Create, path);
                inode = new Inode(path);
                _names.Add(path, inode);
                Do(new DiskOperation(DiskOperationKind.Create, inode.Id, path, null, 0, []));
            }

            return new OpenFile(this, inode);
        }
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            Check(DiskOperationKind.Rename, to);
            var inode = _names[from];
            _names.Remove(from);
            _names[to] = inode;
            inode.Name = to;
            Do(new DiskOperation(DiskOperationKind.Rename, inode.Id, to, from, 0, []));
        }
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            Check(DiskOperationKind.Delete, path);
            if (_names.Remove(path, out var inode))
            {
                Do(new DiskOperation(DiskOperationKind.Delete, inode.Id, path, null, 0, []));
            }
        }
    }

    public void SyncFolder(string folder)
    {
        lock (_lock)
        {
            Check(DiskOperationKind.SyncFolder, folder);
            Do(new DiskOperation(DiskOperationKind.SyncFolder, default, folder, null, 0, []));
        }
    }

    public IDisposable Lock(string path)
    {
        lock (_lock)
        {
            return _locked.Add(path) ? new Held(this, path) : throw new JournalLockedException(path, 1, "test");
        }
    }

    /// <summary>The content of a file, to be damaged by a test.</summary>
    public byte[] Bytes(string path) => _names[path].Bytes;

    public void Put(string path, byte[] bytes) => _names[path] = new Inode(path) { Bytes = bytes };

    /// <summary>What another process would find now: the state after a kill, not a power cut.</summary>
    public SimulatedDisk Copy()
    {
        lock (_lock)
        {
            var copy = new SimulatedDisk();
            foreach (var (name, inode) in _names)
            {
                copy._names.Add(name, new Inode(name) { Bytes = [.. inode.Bytes] });
            }

            return copy;
        }
    }

    /// <summary>The disk as it may look after the power went out between two operations: what was not synced is there in part.</summary>
    public static SimulatedDisk AfterPowerCut(IReadOnlyList<DiskOperation> log, int cut, Random random, List<DiskOperation>? record = null, int flashPage = 0)
    {
        var disk = new SimulatedDisk { Log = record };
        var inodes = new Dictionary<Guid, Inode>();
        var dataSynced = new Dictionary<Guid, int>();
        var namesSynced = -1;
        for (var i = 0; i < cut; i++)
        {
            if (log[i].Kind == DiskOperationKind.Sync)
            {
                dataSynced[log[i].Inode] = i;
            }
            else if (log[i].Kind == DiskOperationKind.SyncFolder)
            {
                namesSynced = i;
            }
        }

        // A journaling file system keeps the order of names, up to some point after the last sync.
        var namesUpTo = random.Next(namesSynced + 1, cut + 1);
        var sector = random.Next(2) == 0 ? 512 : 4096;
        var mood = random.Next(4);
        for (var i = 0; i < cut; i++)
        {
            var operation = log[i];
            if (operation.Kind == DiskOperationKind.Create)
            {
                inodes[operation.Inode] = new Inode(operation.Path) { Id = operation.Inode };
            }

            if (i < namesUpTo)
            {
                operation.ApplyName(disk._names, inodes);
            }

            if (operation.Kind == DiskOperationKind.Write)
            {
                inodes[operation.Inode].Extend(operation.Offset + operation.Data.Length);
                var isSafe = dataSynced.TryGetValue(operation.Inode, out var synced) && synced > i;
                for (var at = 0; at < operation.Data.Length; at += sector)
                {
                    var survives = isSafe || mood switch { 0 => false, 1 => true, _ => random.Next(2) == 0 };
                    if (survives)
                    {
                        inodes[operation.Inode].Write(operation.Data.AsSpan(at, Math.Min(sector, operation.Data.Length - at)), operation.Offset + at);
                    }
                }
            }
        }

        if (flashPage > 0)
        {
            TearPage(log, cut, random, flashPage, inodes, dataSynced);
        }

        if (record is not null)
        {
            // What the cut left is the start of a new recording.
            foreach (var (name, inode) in disk._names)
            {
                record.Add(new DiskOperation(DiskOperationKind.Create, inode.Id, name, null, 0, []));
                record.Add(new DiskOperation(DiskOperationKind.Write, inode.Id, name, null, 0, [.. inode.Bytes]));
                record.Add(new DiskOperation(DiskOperationKind.Sync, inode.Id, name, null, 0, []));
            }

            record.Add(new DiskOperation(DiskOperationKind.SyncFolder, default, "", null, 0, []));
        }

        return disk;
    }

    /// <summary>A card that loses power while it writes may lose up to a page of what lies before, however long ago that was synced.</summary>
    private static void TearPage(IReadOnlyList<DiskOperation> log, int cut, Random random, int page, Dictionary<Guid, Inode> inodes, Dictionary<Guid, int> dataSynced)
    {
        var at = cut - 1;
        while (at >= 0 && log[at].Kind != DiskOperationKind.Write)
        {
            at--;
        }

        if (at < 0 || (dataSynced.TryGetValue(log[at].Inode, out var synced) && synced > at))
        {
            return;
        }

        var write = log[at];
        var length = (int)Math.Min(write.Offset, random.Next(1, (page / 512) + 1) * 512);
        var lost = inodes[write.Inode].Bytes.AsSpan((int)write.Offset - length, length);
        if (random.Next(2) == 0)
        {
            lost.Fill(0xFF);
        }
        else
        {
            random.NextBytes(lost);
        }
    }

    private void Check(DiskOperationKind kind, string path)
    {
        if (Fault?.Invoke(kind, path) is { } failure)
        {
            throw failure;
        }
    }

    private void Do(DiskOperation operation) => Log?.Add(operation);

    internal sealed class Inode(string name)
    {
        public Guid Id { get; init; } = Guid.NewGuid();

        public string Name { get; set; } = name;

        public byte[] Bytes { get; set; } = [];

        public void Extend(long length)
        {
            if (Bytes.Length < length)
            {
                var longer = new byte[length];
                Bytes.CopyTo(longer, 0);
                Bytes = longer;
            }
        }

        public void Write(ReadOnlySpan<byte> data, long offset)
        {
            Extend(offset + data.Length);
            data.CopyTo(Bytes.AsSpan((int)offset));
        }
    }

    private sealed class OpenFile(SimulatedDisk disk, Inode inode) : IJournalFile
    {
        public long Length => inode.Bytes.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            lock (disk._lock)
            {
                disk.Check(DiskOperationKind.Read, inode.Name);
                if (disk.Unreadable is { } bad && bad.Path == inode.Name && bad.Offset >= offset && bad.Offset < offset + buffer.Length)
                {
                    throw Broken;
                }

                var length = (int)Math.Clamp(inode.Bytes.Length - offset, 0, buffer.Length);
                inode.Bytes.AsSpan((int)Math.Min(offset, inode.Bytes.Length), length).CopyTo(buffer);
                return length;
            }
        }

        public void Write(ReadOnlySpan<byte> buffer, long offset)
        {
            lock (disk._lock)
            {
                disk.Check(DiskOperationKind.Write, inode.Name);
                var more = Math.Max(0, offset + buffer.Length - inode.Bytes.Length);
                if (disk._names.Values.Sum(i => (long)i.Bytes.Length) + more > disk.Capacity)
                {
                    throw NoSpace;
                }

                inode.Write(buffer, offset);
                disk.Do(new DiskOperation(DiskOperationKind.Write, inode.Id, inode.Name, null, offset, disk.Log is null ? [] : buffer.ToArray()));
            }
        }

        public void Sync()
        {
            lock (disk._lock)
            {
                disk.Check(DiskOperationKind.Sync, inode.Name);
                disk.Do(new DiskOperation(DiskOperationKind.Sync, inode.Id, inode.Name, null, 0, []));
            }
        }

        public void Truncate(long length) => inode.Bytes = inode.Bytes[..(int)length];

        public void Dispose()
        {
        }
    }

    private sealed class Held(SimulatedDisk disk, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (disk._lock)
            {
                disk._locked.Remove(path);
            }
        }
    }
}
