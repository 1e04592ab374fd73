using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Adapters.Serial;

/// <summary>Has the adapter hand on what it receives at once. USB adapters collect bytes for up to 16 ms otherwise, which is most of the time of a short answer.</summary>
internal static class LowLatency
{
    /// <summary><c>struct serial_struct</c> (linux/serial.h) and more; its flags are the fifth word.</summary>
    private const int Size = 128;
    private const int FlagsAt = 16;
    private const uint Flag = 1 << 13;

    /// <returns>Why not; null: it does.</returns>
    public static unsafe SerialFault? Apply(SafeFileHandle port, string path)
    {
        Span<byte> settings = stackalloc byte[Size];
        settings.Clear();
        int error;
        fixed (byte* argument = settings)
        {
            if (Libc.Ioctl(port, TtyRequest.GetSerial, argument) == 0)
            {
                var flags = MemoryMarshal.Read<uint>(settings[FlagsAt..]);
                MemoryMarshal.Write(settings[FlagsAt..], flags | Flag);
                if ((flags & Flag) != 0 || Libc.Ioctl(port, TtyRequest.SetSerial, argument) == 0)
                {
                    return null;
                }
            }

            error = Libc.Error;
        }

        return TrySetTimer(path) ? null : SerialFaults.LowLatency(error);
    }

    /// <summary>FTDI adapters also have it as a file, in milliseconds; which its owner may write.</summary>
    private static bool TrySetTimer(string path)
    {
        try
        {
            var node = File.ResolveLinkTarget(path, returnFinalTarget: true)?.Name ?? Path.GetFileName(path);
            var timer = $"/sys/class/tty/{node}/device/latency_timer";
            if (!File.Exists(timer))
            {
                return false;
            }

            File.WriteAllText(timer, "1");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
