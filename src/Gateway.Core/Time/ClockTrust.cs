using System.Runtime.InteropServices;

namespace Gateway.Core;

/// <summary>Whether the wall clock can be believed: a Pi has no battery clock and starts in the past.</summary>
/// <remarks>The kernel knows: NTP daemons clear STA_UNSYNC (adjtimex(2)) once they have set the clock.</remarks>
public sealed partial class ClockTrust(ClockMode mode, TimeProvider time)
{
    /// <summary>A clock before this was never set, whoever says so.</summary>
    public static readonly DateTimeOffset Earliest = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan s_cached = TimeSpan.FromSeconds(1);

    private long _askedAt;
    private bool _asked;
    private bool _synchronised;

    /// <summary>It stands where clocks without a battery begin.</summary>
    public bool WasNeverSet => time.GetUtcNow() < Earliest;

    /// <summary>Asks the kernel at most once a second.</summary>
    public bool IsTrusted
    {
        get
        {
            if (WasNeverSet)
            {
                return false;
            }

            if (mode == ClockMode.Trusted)
            {
                return true;
            }

            // A race asks twice, which is harmless.
            var now = time.GetTimestamp();
            if (!_asked || time.GetElapsedTime(_askedAt, now) >= s_cached)
            {
                _synchronised = IsKernelSynchronised();
                _askedAt = now;
                _asked = true;
            }

            return _synchronised;
        }
    }

    /// <summary>For people, when it is not trusted.</summary>
    public string Explanation => WasNeverSet
        ? $"the clock says {time.GetUtcNow():yyyy-MM-dd}: set it, or let NTP reach a server"
        : "the kernel says that the clock is not synchronised: let NTP reach a server, or set gateway.clock: trusted if there is a battery clock";

    private static unsafe bool IsKernelSynchronised()
    {
        const int StatusUnsynchronised = 0x40;

        // struct timex: modes, then four longs, then status; the longs are as wide as a pointer.
        const int Size = 512;
        var timex = stackalloc byte[Size];
        new Span<byte>(timex, Size).Clear();
        var status = (sizeof(nint) == 8 ? 8 : 4) + (4 * sizeof(nint));
        return Adjust(timex) >= 0 && (*(int*)(timex + status) & StatusUnsynchronised) == 0;
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static unsafe partial int Adjust(byte* timex);
}
