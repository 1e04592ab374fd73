using Gateway.Core;

namespace Gateway.Adapters.Heard;

/// <summary>What every device that is heard and not asked has.</summary>
public abstract record HeardDevice : DeviceAddress
{
    /// <summary>Sensors repeat what has not changed, many times a minute: the same once a minute is enough.</summary>
    public static readonly ReportOptions DefaultReport = ReportOptions.OnChange;

    public override bool SpeaksByItself => true;

    /// <summary>When what is found by itself becomes a message.</summary>
    public ReportOptions Report { get; init; } = DefaultReport;

    /// <summary>Silence after which it is offline; null: learned from how often it is heard.</summary>
    public TimeSpan? OfflineAfter { get; init; }
}
