using System.Runtime.InteropServices;

namespace Gateway.Machine;

/// <summary>Whether this user may read and write a device.</summary>
internal static partial class DeviceAccess
{
    private const int ReadAndWrite = 6;

    public static bool IsGranted(string path) => Access(path, ReadAndWrite) == 0;

    /// <summary>access(2).</summary>
    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
