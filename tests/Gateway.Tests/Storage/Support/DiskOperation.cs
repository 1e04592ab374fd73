namespace Gateway.Tests.Storage;

internal enum DiskOperationKind
{
    Open,
    Create,
    Rename,
    Delete,
    Write,
    Sync,
    SyncFolder,
    Read,
}

internal sealed record DiskOperation(DiskOperationKind Kind, Guid Inode, string Path, string? From, long Offset, byte[] Data)
{
    public void ApplyName(Dictionary<string, SimulatedDisk.Inode> names, Dictionary<Guid, SimulatedDisk.Inode> inodes)
    {
        switch (Kind)
        {
            case DiskOperationKind.Create:
                names[Path] = inodes[Inode];
                break;
            case DiskOperationKind.Rename:
                names.Remove(From!);
                names[Path] = inodes[Inode];
                inodes[Inode].Name = Path;
                break;
            case DiskOperationKind.Delete:
                names.Remove(Path);
                break;
        }
    }
}
