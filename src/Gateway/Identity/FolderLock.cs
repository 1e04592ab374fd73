using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Gateway.Identity;

/// <summary>Holds a folder while a file in it is read, changed and replaced (flock(2) on the folder: nothing is left behind, whatever happens).</summary>
internal sealed partial class FolderLock : IDisposable
{
    private const int ReadOnly = 0;
    private const int ExclusiveAtOnce = 2 | 4;

    private readonly int _folder;

    private FolderLock(int folder) => _folder = folder;

    /// <exception cref="IOException">It is not there, or somebody else holds it.</exception>
    public static FolderLock Take(string path)
    {
        var folder = Open(path, ReadOnly);
        if (folder < 0)
        {
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        if (Flock(folder, ExclusiveAtOnce) < 0)
        {
            Close(folder);
            throw new IOException($"somebody else is changing files in {path} just now; try again");
        }

        return new FolderLock(folder);
    }

    public void Dispose() => Close(_folder);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(int file, int operation);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
