using Gateway.Core;

namespace Gateway.Adapters.Heard;

/// <summary>Values that do not come from a device's payload but from hearing it.</summary>
public static class HeardFields
{
    /// <summary>Received signal strength in dBm.</summary>
    public const string Rssi = "rssi";

    /// <summary>Signal-to-noise ratio in dB.</summary>
    public const string Snr = "snr";

    /// <summary>When it was heard last, milliseconds since the epoch, UTC. Only on request: every message would be one more.</summary>
    public const string LastSeen = "last-seen";

    /// <summary>A signal sways by a few dB when somebody walks past: 6 dB are twice the distance.</summary>
    private static readonly ReportOptions s_signalReport = new(ReportWhen.Changed, 6, TimeSpan.FromMinutes(5));

    /// <summary>Which readings of a point that was found become messages.</summary>
    internal static ReportOptions ReportOf(string field, bool isEvent, ReportOptions wanted) =>
        isEvent ? ReportOptions.Always : field is Rssi or Snr ? s_signalReport : wanted;
}
