using System.Runtime.InteropServices;

namespace Gateway.Identity;

/// <summary>To whom a file belongs (statx(2), chown(2)).</summary>
internal static unsafe partial class FileOwner
{
    private const int CurrentFolder = -100;
    private const uint UserAndGroup = 0x8 | 0x10;

    /// <summary>struct statx is the same on every machine: 256 bytes, the user at 20, the group at 24.</summary>
    private const int StatSize = 256;

    private const int UserAt = 20;
    private const int GroupAt = 24;

    /// <returns>null: the file does not say.</returns>
    public static (uint User, uint Group)? Of(string path)
    {
        var stat = stackalloc byte[StatSize];
        return Stat(CurrentFolder, path, 0, UserAndGroup, stat) == 0 ? (*(uint*)(stat + UserAt), *(uint*)(stat + GroupAt)) : null;
    }

    /// <exception cref="IOException">It cannot be given away.</exception>
    public static void Give(string path, uint user, uint group)
    {
        if (Chown(path, user, group) != 0)
        {
            throw new IOException($"{path} cannot be given to user {user}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, byte* stat);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Chown(string path, uint user, uint group);
}
