using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gateway.Identity;

/// <summary>Whose a file is. What root replaces must stay readable for the gateway's own user.</summary>
internal static partial class FileOwner
{
    private const int WorkingFolder = -100;
    private const uint UserAndGroup = 0x8 | 0x10;

    /// <summary>struct statx is the same on every machine: stx_uid, stx_gid.</summary>
    private const int UserOffset = 20;

    private const int GroupOffset = 24;
    private const int StatSize = 256;

    /// <summary>Gives a file to the owner of another one (or of a folder). Only root can; for everybody else both are theirs anyway.</summary>
    public static void Copy(string from, string to)
    {
        Span<byte> stat = stackalloc byte[StatSize];
        if (!Environment.IsPrivilegedProcess || Statx(WorkingFolder, from, 0, UserAndGroup, ref stat[0]) < 0)
        {
            return;
        }

        if (Chown(to, BinaryPrimitives.ReadUInt32LittleEndian(stat[UserOffset..]), BinaryPrimitives.ReadUInt32LittleEndian(stat[GroupOffset..])) < 0)
        {
            throw new IOException($"{to} cannot be given to the owner of {from}");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint user, uint group);
}
