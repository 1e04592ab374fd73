using Microsoft.Extensions.Logging;

namespace Gateway.Storage;

/// <summary>Puts aside what could not be read, once per file and start. Nothing here is ever deleted by the gateway.</summary>
internal sealed class Quarantine(IJournalFiles files, string root, IJournalClock clock, ILogger log)
{
    private const int Chunk = 1 << 20;

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
    public void Keep(string path, string reason)
    {
        lock (_lock)
        {
            if (_kept.ContainsKey(path))
            {
                return;
            }

            _folder ??= Path.Combine(root, $"{clock.UtcNow:yyyyMMdd'T'HHmmss'Z'}");
            _kept.Add(path, new QuarantinedFile(Path.GetFileName(path), reason, _folder));
            try
            {
                files.CreateFolder(_folder);
                Copy(path, Path.Combine(_folder, Path.GetFileName(path)));
                files.SyncFolder(_folder);
                JournalLog.Damaged(log, path, reason, _folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                JournalLog.QuarantineFailed(log, path, _folder, e.Message);
            }
        }
    }

    public void CountLost(ulong entries) => Interlocked.Add(ref _lost, entries);

    private void Copy(string from, string to)
    {
        using var source = files.Open(from);
        using var target = files.Open(to);
        var buffer = new byte[Chunk];
        for (var offset = 0L; offset < source.Length; offset += Chunk)
        {
            target.Write(buffer.AsSpan(0, ReadWhatCan(source, buffer, offset)), offset);
        }

        target.Sync();
    }

    /// <summary>An unreadable block stays zero in the copy.</summary>
    private static int ReadWhatCan(IJournalFile source, byte[] buffer, long offset)
    {
        try
        {
            return source.Read(buffer, offset);
        }
        catch (IOException)
        {
            Array.Clear(buffer);
            var length = (int)Math.Min(Chunk, source.Length - offset);
            for (var block = 0; block < length; block += Layout.Block)
            {
                ReadBlock(source, buffer.AsSpan(block, Math.Min(Layout.Block, length - block)), offset + block);
            }

            return length;
        }
    }

    private static void ReadBlock(IJournalFile source, Span<byte> block, long offset)
    {
        try
        {
            source.Read(block, offset);
        }
        catch (IOException)
        {
            block.Clear();
        }
    }
}

/// <summary>A file of which a copy was put aside.</summary>
public sealed record QuarantinedFile(string Name, string Reason, string Folder);
