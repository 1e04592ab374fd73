using Microsoft.Extensions.Logging;

namespace Gateway.Storage;

/// <summary>Puts aside what could not be read, once per file. Nothing here is ever deleted by the gateway.</summary>
internal sealed class Quarantine(IJournalFiles files, string root, IJournalClock clock, ILogger log)
{
    private const int Chunk = 1 << 20;
    private const string Part = ".part";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, QuarantinedFile> _kept = [];
    private string? _folder;
    private ulong _lost;

    /// <summary>Entries that could not be read when it was their turn.</summary>
    public ulong Lost => Interlocked.Read(ref _lost);

    public IReadOnlyList<QuarantinedFile> Files
    {
        get
        {
            lock (_lock)
            {
                return [.. _kept.Values];
            }
        }
    }

    /// <summary>Copies the file; it goes on being used for what can be read of it.</summary>
    /// <returns>Whether there is a copy: without one, the file must not be used again.</returns>
    public bool Keep(string path, string reason)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(path, out var kept))
            {
                return kept.IsCopied;
            }

            var name = Path.GetFileName(path);
            if (Earlier(name) is { } earlier)
            {
                // Generations are never used twice: it is the same file, and each start would fill the disk with another copy.
                return Note(path, reason, earlier, isCopied: true);
            }

            _folder ??= Path.Combine(root, $"{clock.UtcNow:yyyyMMdd'T'HHmmss'Z'}");
            try
            {
                files.CreateFolder(_folder);
                Copy(path, Path.Combine(_folder, name));
                files.SyncFolder(_folder);
                files.SyncFolder(root);
                return Note(path, reason, _folder, isCopied: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                JournalLog.QuarantineFailed(log, path, _folder, e.Message);
                RemovePart(Path.Combine(_folder, name + Part));
                return Note(path, reason, _folder, isCopied: false);
            }
        }
    }

    public void CountLost(ulong entries) => Interlocked.Add(ref _lost, entries);

    /// <summary>The file is not there at all.</summary>
    public void Miss(string path)
    {
        lock (_lock)
        {
            // A stranger may lie in its place, and be noted under the same path.
            if (_kept.TryAdd(path + " (missing)", new QuarantinedFile(Path.GetFileName(path), "it is missing", root, IsCopied: false)))
            {
                JournalLog.Missing(log, path);
            }
        }
    }

    private bool Note(string path, string reason, string folder, bool isCopied)
    {
        _kept.Add(path, new QuarantinedFile(Path.GetFileName(path), reason, folder, isCopied));
        JournalLog.Damaged(log, path, reason, isCopied ? folder : "no other place");
        return isCopied;
    }

    private string? Earlier(string name) =>
        files.Folders(root).FirstOrDefault(f => f != _folder && files.List(f).Contains(Path.Combine(f, name)));

    private void Copy(string from, string to)
    {
        using var source = files.OpenRead(from);
        var part = to + Part;
        using (var target = files.Open(part))
        {
            var buffer = new byte[Chunk];
            for (long offset = 0; SalvageRead.Read(source, buffer, offset) is > 0 and var read; offset += read)
            {
                target.Write(buffer.AsSpan(0, read), offset);
            }

            target.Sync();
        }

        files.Rename(part, to);
    }

    private void RemovePart(string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            JournalLog.DeleteFailed(log, path, e.Message);
        }
    }
}

/// <summary>A file that could not be read as it should.</summary>
/// <param name="Name">Its name in the journal's folder.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Folder">Where its copy is.</param>
/// <param name="IsCopied">Whether there is one: not if the file is missing, or the disk has no room for it.</param>
public sealed record QuarantinedFile(string Name, string Reason, string Folder, bool IsCopied = true);
