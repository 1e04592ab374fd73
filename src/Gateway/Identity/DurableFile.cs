using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Gateway.Identity;

/// <summary>Replaces a small file so that a power cut leaves the old or the new one, never half.</summary>
internal static partial class DurableFile
{
    private const int ReadOnly = 0;

    /// <summary>Writes beside it, syncs, renames, syncs the folder.</summary>
    /// <exception cref="IOException">The disk is full, or fails, or the folder may not be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            Synchronize(file);
        }

        Publish(temporary, path);
    }

    /// <summary>As <see cref="Replace"/>, for secrets: mode and owner stay as they are; a new file is its owner's alone, who is the owner of the folder.</summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void ReplacePrivate(string path, ReadOnlySpan<byte> content)
    {
        using var file = PreparedFile.Write(path, content, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        file.Publish();
    }

    /// <summary>Makes durable what was written to the file.</summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public static void Synchronize(FileStream file)
    {
        file.Flush();

        // .NET swallows the errors of its own flush (see the README's decisions): the call is ours.
        Check(Sync((int)file.SafeFileHandle.DangerousGetHandle()), file.Name);
    }

    /// <summary>Gives a file that is durable its name, instead of what had it before.</summary>
    public static void Publish(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        SynchronizeFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes durable which names are in a folder.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public static void SynchronizeFolder(string path)
    {
        var folder = Open(path, ReadOnly);
        Check(folder, path);
        try
        {
            Check(Sync(folder), path);
        }
        finally
        {
            Close(folder);
        }
    }

    private static void Check(int result, string path)
    {
        if (result < 0)
        {
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
