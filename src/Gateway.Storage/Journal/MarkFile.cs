using Microsoft.Extensions.Logging;

namespace Gateway.Storage;

/// <summary>The file <c>mark</c> in the journal's folder: written when a segment begins, when a stream is made, at a start and at a stop. For one caller at a time.</summary>
/// <remarks>Two places take turns, so that a torn write costs only the newer mark. It proves damage and is needed for nothing else: without one, the journal opens
/// all the same, and failing to write one while running stops nothing.</remarks>
internal sealed class MarkFile(IJournalFiles files, string folder, ILogger log)
{
    private readonly string _path = Path.Combine(folder, "mark");
    private ulong _serial;
    private bool _isDurableName;
    private bool _told;

    /// <returns>null: there is none that can be read.</returns>
    public JournalMark? Read()
    {
        if (!files.List(folder).Contains(_path))
        {
            return null;
        }

        var bytes = new byte[2 * JournalMark.Longest];
        using (var file = files.OpenRead(_path))
        {
            bytes = bytes[..SalvageRead.Read(file, bytes, 0)];
        }

        _isDurableName = true;
        var first = JournalMark.Decode(bytes.AsSpan(0, Math.Min(bytes.Length, JournalMark.Longest)));
        var second = bytes.Length > JournalMark.Longest ? JournalMark.Decode(bytes.AsSpan(JournalMark.Longest)) : null;
        var newest = second is not null && (first is null || second.Serial > first.Serial) ? second : first;
        _serial = newest?.Serial ?? 0;
        return newest;
    }

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(JournalMark mark)
    {
        using var file = files.Open(_path);
        file.Write((mark with { Serial = _serial + 1 }).Encode().Written, (long)((_serial + 1) % 2) * JournalMark.Longest);
        file.Sync();
        if (!_isDurableName)
        {
            files.SyncFolder(folder);
            _isDurableName = true;
        }

        _serial++;
    }

    /// <summary>As <see cref="Write"/>; a failure is told once.</summary>
    /// <returns>Whether it is written.</returns>
    public bool TryWrite(JournalMark mark)
    {
        try
        {
            Write(mark);
            _told = false;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_told)
            {
                _told = true;
                JournalLog.MarkFailed(log, _path, e.Message);
            }

            return false;
        }
    }
}
