using System.Runtime.InteropServices;

namespace Gateway.Core;

/// <summary>The clock that no one can set: time since boot, suspend included, and which boot it is.</summary>
public static partial class BootClock
{
    private const int ClockBootTime = 7;

    /// <summary>The kernel's boot id.</summary>
    public static Guid BootId { get; } = Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>CLOCK_BOOTTIME.</summary>
    public static unsafe TimeSpan SinceBoot
    {
        get
        {
            var timespec = stackalloc nint[2];
            if (GetTime(ClockBootTime, timespec) != 0)
            {
                throw new InvalidOperationException($"clock_gettime(CLOCK_BOOTTIME) failed: errno {Marshal.GetLastPInvokeError()}");
            }

            return new TimeSpan((timespec[0] * TimeSpan.TicksPerSecond) + (timespec[1] / 100));
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static unsafe partial int GetTime(int clock, nint* timespec);
}
