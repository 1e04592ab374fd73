using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Storage;

/// <summary>An flock on a file that names its holder. The kernel lets go of it when the process dies, however it dies.</summary>
internal sealed class JournalLock : IDisposable
{
    private const int LongestNote = 256;
    private readonly SafeFileHandle _handle;

    private JournalLock(SafeFileHandle handle) => _handle = handle;

    /// <exception cref="JournalLockedException">Another process holds it.</exception>
    public static JournalLock Take(string path)
    {
        // Not File.OpenHandle: it asks for a shared flock itself, and fails on the holder's before we could read who that is.
        var handle = Libc.OpenUnlocked(path);
        if (!Libc.TryLock(handle))
        {
            using (handle)
            {
                throw Held(handle, path);
            }
        }

        using var self = Process.GetCurrentProcess();
        var note = Encoding.UTF8.GetBytes($"{Environment.ProcessId} {self.ProcessName}\n");
        RandomAccess.SetLength(handle, 0);
        RandomAccess.Write(handle, note, 0);
        return new JournalLock(handle);
    }

    private static JournalLockedException Held(SafeFileHandle handle, string path)
    {
        Span<byte> note = stackalloc byte[LongestNote];
        var words = Encoding.UTF8.GetString(note[..RandomAccess.Read(handle, note, 0)]).Trim().Split(' ', 2);
        _ = int.TryParse(words[0], out var process);
        return new JournalLockedException(path, process, words.Length > 1 ? words[1] : "unknown");
    }

    public void Dispose() => _handle.Dispose();
}
