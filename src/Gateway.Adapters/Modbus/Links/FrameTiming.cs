using Gateway.Adapters.Serial;

namespace Gateway.Adapters.Modbus;

/// <summary>The silences of frames on a serial line.</summary>
/// <param name="Silence">What ends a frame and must stand between two.</param>
/// <param name="LongestPause">Bytes that come after a longer pause belong to no frame any more.</param>
/// <param name="Settling">After something went wrong: silence before the next request.</param>
internal readonly record struct FrameTiming(TimeSpan Silence, TimeSpan LongestPause, TimeSpan Settling)
{
    /// <summary>Above 19200 baud the silence is fixed (Modbus over Serial Line V1.02 §2.5.1.1).</summary>
    private static readonly TimeSpan s_shortestSilence = TimeSpan.FromMilliseconds(1.75);

    /// <summary>50 ms: USB adapters hand bytes on every 16 ms, and this machine may be busy.</summary>
    private static readonly TimeSpan s_adapterPause = TimeSpan.FromMilliseconds(50);

    /// <summary>§2.5.2.1: one second between characters, then an error has occurred. Frames begin with a colon, so that no silence need stand between them.</summary>
    public static FrameTiming Ascii { get; } = new(TimeSpan.Zero, TimeSpan.FromSeconds(1), s_adapterPause);

    /// <summary>§2.5.1.1: 3.5 characters, 1.75 ms above 19200 baud.</summary>
    public static FrameTiming Rtu(SerialSettings settings)
    {
        var silence = settings.Baud > 19200 ? s_shortestSilence : settings.Characters(3.5);
        return new(silence, silence + s_adapterPause, silence + s_adapterPause);
    }
}
