using System.Runtime.InteropServices;

namespace Gateway.Identity;

/// <summary>Makes a file that is there whole, durable and for everybody to read, or not at all; what has its name already is never touched.</summary>
internal static partial class NewFile
{
    private const int CurrentFolder = -100;
    private const uint NoReplace = 1;
    private const int Exists = 17;
    private const int Invalid = 22;

    private const UnixFileMode ReadableForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Folder = ReadableForAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes it, and its folder where there is none.</summary>
    /// <returns>false: something has that name; nothing was changed.</returns>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static bool TryWrite(string path, ReadOnlySpan<byte> content)
    {
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path) ?? "/";
        MakeFolder(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}.new");
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                // Whatever the umask says: the gateway's own user is another than root.
                File.SetUnixFileMode(file.SafeFileHandle, ReadableForAll);
                file.Write(content);
                DurableFile.Synchronize(file);
            }

            return TryName(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
            DurableFile.SynchronizeFolder(folder);
        }
    }

    private static void MakeFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            MakeFolder(Path.GetDirectoryName(folder) ?? "/");
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, Folder);
            DurableFile.SynchronizeFolder(Path.GetDirectoryName(folder) ?? "/");
        }
    }

    private static bool TryName(string temporary, string path)
    {
        if (Rename(CurrentFolder, temporary, CurrentFolder, path, NoReplace) == 0)
        {
            return true;
        }

        // Not every file system knows the flag (NFS does not); those know hard links.
        var error = Marshal.GetLastPInvokeError();
        if (error == Invalid)
        {
            if (Link(temporary, path) == 0)
            {
                return true;
            }

            error = Marshal.GetLastPInvokeError();
        }

        return error == Exists ? false : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
