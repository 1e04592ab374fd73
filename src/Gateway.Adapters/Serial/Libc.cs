using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Adapters.Serial;

/// <summary>The calls of Linux that serial ports need and the framework does not have.</summary>
internal static unsafe partial class Libc
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoSuchAddress = 6;
    public const int WouldBlock = 11;
    public const int PermissionDenied = 13;
    public const int Busy = 16;
    public const int NoDevice = 19;
    public const int Invalid = 22;
    public const int NotATerminal = 25;

    public const short PollIn = 1;
    public const short PollOut = 4;
    public const short PollError = 8;
    public const short PollHangUp = 16;
    public const short PollInvalid = 32;

    // O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC: without waiting for a carrier, and never our terminal.
    private const int OpenFlags = 0x2 | 0x100 | 0x800 | 0x80000;
    private const int LockExclusiveNow = 2 | 4;
    private const int EventFlags = 0x800 | 0x80000;

    public static int Error => Marshal.GetLastPInvokeError();

    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);

    public static SafeFileHandle? TryOpen(string path)
    {
        var descriptor = Open(path, OpenFlags);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>TIOCEXCL keeps others out, except root; the lock keeps out whoever asks for one, and our own second link.</summary>
    public static bool TryClaim(SafeFileHandle port) => Flock(port, LockExclusiveNow) == 0 && Ioctl(port, TtyRequest.Exclusive, null) == 0;

    /// <summary>Others may open it again, also those who have it open beside us.</summary>
    public static void GiveUp(SafeFileHandle port) => _ = Ioctl(port, TtyRequest.NotExclusive, null);

    public static SafeFileHandle MakeEvent()
    {
        var descriptor = EventFd(0, EventFlags);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new InvalidOperationException($"eventfd: {Text(Error)}");
    }

    public static void Signal(SafeFileHandle signal)
    {
        var one = 1UL;
        _ = Write(signal, (byte*)&one, sizeof(ulong));
    }

    public static void TakeSignal(SafeFileHandle signal)
    {
        ulong count;
        _ = Read(signal, (byte*)&count, sizeof(ulong));
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(SafeFileHandle port, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle port, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle port, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle port, int operation);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint value, int flags);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>Replaces a small file so that a power cut leaves the old or the new one. The framework's own flush swallows the errors of fsync.</summary>
    /// <exception cref="IOException">The disk is full, or fails, or the folder may not be written.</exception>
    public static void ReplaceDurably(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            Check(Sync((int)file.SafeFileHandle.DangerousGetHandle()), path);
        }

        File.Move(temporary, path, overwrite: true);
        var folder = Open(Path.GetDirectoryName(Path.GetFullPath(path))!, 0);
        Check(folder, path);
        using var handle = new SafeFileHandle(folder, ownsHandle: true);
        Check(Sync(folder), path);
    }

    private static void Check(int result, string path)
    {
        if (result < 0)
        {
            throw new IOException($"{path}: {Text(Error)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);
}
