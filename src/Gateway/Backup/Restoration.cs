using Gateway.Identity;
using Gateway.OutboxControl;
using Gateway.Storage;

namespace Gateway.Backup;

/// <summary>Makes a data folder out of an archive: beside it first, and in its place only once all is right and on the disk.</summary>
/// <remarks>
/// identity.json names the backup instead of a machine, so that the next start makes new epochs. Where one rename does not do, it is the first to go to its place:
/// without the journal a start makes new streams, with new epochs as well.
/// </remarks>
internal sealed class Restoration(string archive, string data, Action<long> progress)
{
    /// <summary>Where an archive is unpacked. Whatever is there comes from a restore that was cut off.</summary>
    private const string Unfinished = ".restoring";

    /// <summary>In an empty folder that is there already: it may be on a disk of its own.</summary>
    private readonly string _beside = Directory.Exists(data) && !Directory.EnumerateFileSystemEntries(data).Any(static e => Path.GetFileName(e) != Unfinished)
        ? Path.Combine(data, Unfinished) : $"{data}{Unfinished}";
    private readonly IJournalFiles _files = OwnedFiles.For(Directory.Exists(data) ? data : Path.GetDirectoryName(data)!);

    /// <summary>Where what was there is now; null: nothing was.</summary>
    public string? MovedTo { get; private set; }

    /// <param name="force">What is in the folder is moved aside.</param>
    /// <param name="now">Names the folder to which it is moved.</param>
    /// <param name="cancellation">Ends it, as long as nothing has been moved.</param>
    /// <exception cref="JournalLockedException">A gateway works on the folder.</exception>
    /// <exception cref="IOException">The folder is not empty, the archive is not right, or the disk fails: nothing was changed.</exception>
    public async Task<BackupManifest> RunAsync(bool force, DateTimeOffset now, CancellationToken cancellation)
    {
        using var held = Hold();
        var isEmpty = !Directory.Exists(data) || !Directory.EnumerateFileSystemEntries(data).Any(static e => Path.GetFileName(e) != Unfinished);
        if (!isEmpty && !force)
        {
            throw new IOException($"{data} is not empty: with --force, what is in it is moved aside to {Aside(now)}, and nothing is deleted");
        }

        try
        {
            Remove(_beside);
            _files.CreateFolder(_beside);
            var manifest = await BackupReader.ReadAsync(archive, BackupReader.IsCompressed(archive), TakeAsync, progress, cancellation).ConfigureAwait(false);
            Finish(manifest);
            cancellation.ThrowIfCancellationRequested();
            PutInPlace(isEmpty, now);
            return manifest;
        }
        finally
        {
            Remove(_beside);
        }

        async Task TakeAsync(string name, Stream content)
        {
            var path = Path.Combine(_beside, name);
            CreateFolder(Path.GetDirectoryName(path)!);
            using var file = _files.Open(path);
            if (!name.StartsWith(BackupManifest.JournalFolder, StringComparison.Ordinal) && name != StoredIdentity.FileName)
            {
                // Passwords may be in it; the folder itself may be open to others.
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            var buffer = new byte[1 << 20];
            var offset = 0L;
            for (int read; (read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0; offset += read)
            {
                file.Write(buffer.AsSpan(0, read), offset);
            }

            file.Sync();
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Nobody may work on the folder, if there is one to work on.</summary>
    private IDisposable? Hold() => Directory.Exists(Path.Combine(data, "journal")) ? new DiskFiles().Lock(Path.Combine(data, "journal", "lock")) : null;

    private string Aside(DateTimeOffset now) => $"{data}.before-{now:yyyyMMdd'T'HHmmss'Z'}";

    private void CreateFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            CreateFolder(Path.GetDirectoryName(folder)!);
            _files.CreateFolder(folder);
        }
    }

    /// <summary>Zeros behind what segments held, and the identity that says where it comes from.</summary>
    private void Finish(BackupManifest manifest)
    {
        var zeros = new byte[1 << 20];
        foreach (var backedUp in manifest.Files.Where(static f => f.Size > f.Length))
        {
            using var file = _files.Open(Path.Combine(_beside, backedUp.Name));
            for (var offset = backedUp.Length; offset < backedUp.Size; offset += zeros.Length)
            {
                file.Write(zeros.AsSpan(0, (int)Math.Min(zeros.Length, backedUp.Size - offset)), offset);
            }

            file.Sync();
        }

        var identity = StoredIdentity.Read(_beside)!;
        (identity with { MachineId = $"{MachineIdentity.BackupPrefix}of {manifest.Created.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" }).Write(_beside);
        if (FileOwner.Of(_beside) is { } owner && Environment.IsPrivilegedProcess)
        {
            FileOwner.Give(Path.Combine(_beside, StoredIdentity.FileName), owner.User, owner.Group);
        }

        foreach (var folder in Directory.GetDirectories(_beside, "*", SearchOption.AllDirectories).Append(_beside))
        {
            _files.SyncFolder(folder);
        }
    }

    private void PutInPlace(bool isEmpty, DateTimeOffset now)
    {
        var parent = Path.GetDirectoryName(data)!;
        if (!isEmpty)
        {
            var aside = Aside(now);
            try
            {
                Directory.Move(data, aside);
            }
            catch (IOException e)
            {
                throw new IOException($"{data} cannot be moved aside ({e.Message.TrimEnd('.')}): if it is a mount point, move its contents yourself and restore into the empty folder", e);
            }

            MovedTo = aside;
        }

        if (!Directory.Exists(data))
        {
            Directory.Move(_beside, data);
            _files.SyncFolder(parent);
            return;
        }

        // A folder that exists may be a mount point, or its parent somebody else's: it stays. Identity first, see above.
        foreach (var entry in Directory.GetFileSystemEntries(_beside).OrderBy(static e => Path.GetFileName(e) != StoredIdentity.FileName).ToList())
        {
            Directory.Move(entry, Path.Combine(data, Path.GetFileName(entry)));
            _files.SyncFolder(data);
        }
    }
}
