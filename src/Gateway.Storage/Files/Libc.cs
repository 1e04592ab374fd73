using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Storage;

/// <summary>The calls whose errno the framework does not hand on: .NET 10 reports success for a failed fsync.</summary>
/// <remarks>Resolved through the main program, so that a preloaded library can stand in between.</remarks>
internal static unsafe class Libc
{
    private const int Interrupted = 4;
    private const int CloseOnExec = 0x80000;
    private const int ReadWriteCreate = 0x42;
    private const int OwnerOnly = 0x180;
    private const int PermissionDenied = 13;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;

    private static readonly delegate* unmanaged<int, int> FdatasyncEntry = (delegate* unmanaged<int, int>)Resolve("fdatasync");
    private static readonly delegate* unmanaged<int, int> FsyncEntry = (delegate* unmanaged<int, int>)Resolve("fsync");
    private static readonly delegate* unmanaged<int, int> CloseEntry = (delegate* unmanaged<int, int>)Resolve("close");
    private static readonly delegate* unmanaged<byte*, int, int, int> OpenEntry = (delegate* unmanaged<byte*, int, int, int>)Resolve("open");
    private static readonly delegate* unmanaged<int, int, int> FlockEntry = (delegate* unmanaged<int, int, int>)Resolve("flock");

    public static void Fdatasync(SafeHandle file, string path)
    {
        var error = OnDescriptor(file, FdatasyncEntry);
        if (error != 0)
        {
            throw Failure(error, "fdatasync", path);
        }
    }

    public static void SyncFolder(string folder)
    {
        var descriptor = Open(folder, CloseOnExec);
        var error = Call(FsyncEntry, descriptor);
        _ = CloseEntry(descriptor);
        if (error != 0)
        {
            throw Failure(error, "fsync", folder);
        }
    }

    /// <summary>Opens or makes a file without the lock that the framework takes on every file that it opens.</summary>
    public static SafeFileHandle OpenUnlocked(string path) => new(Open(path, ReadWriteCreate | CloseOnExec), ownsHandle: true);

    /// <summary>flock; false: somebody else holds it.</summary>
    public static bool TryLock(SafeHandle file)
    {
        var added = false;
        file.DangerousAddRef(ref added);
        try
        {
            return FlockEntry((int)file.DangerousGetHandle(), LockExclusive | LockNonBlocking) == 0;
        }
        finally
        {
            file.DangerousRelease();
        }
    }

    private static int Open(string path, int flags)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            Marshal.SetLastSystemError(0);
            var descriptor = OpenEntry(name, flags, OwnerOnly);
            if (descriptor >= 0)
            {
                return descriptor;
            }

            var failure = Failure(Marshal.GetLastSystemError(), "open", path);
            throw Marshal.GetLastSystemError() == PermissionDenied ? new UnauthorizedAccessException(failure.Message) : failure;
        }
    }

    private static int OnDescriptor(SafeHandle file, delegate* unmanaged<int, int> call)
    {
        var added = false;
        file.DangerousAddRef(ref added);
        try
        {
            return Call(call, (int)file.DangerousGetHandle());
        }
        finally
        {
            file.DangerousRelease();
        }
    }

    private static int Call(delegate* unmanaged<int, int> call, int descriptor)
    {
        while (true)
        {
            Marshal.SetLastSystemError(0);
            if (call(descriptor) == 0)
            {
                return 0;
            }

            var error = Marshal.GetLastSystemError();
            if (error != Interrupted)
            {
                return error;
            }
        }
    }

    private static IOException Failure(int error, string call, string path) =>
        new($"{call} {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);

    private static nint Resolve(string name) => NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), name);
}
