using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Heard;

/// <summary>Keys of devices and points that are heard, whatever they are heard by.</summary>
internal static class HeardTable
{
    private static readonly Kind<TimeSpan> Silence = Kinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));

    /// <summary>A field is named like a point.</summary>
    private static readonly Kind<string> Field = Kinds.Id;

    /// <summary>The device's silence that is too long.</summary>
    public static TimeSpan? ReadOfflineAfter(MapReader map) => map.Maybe(
        "offline-after", Silence, "learned from how often it is heard", "Silence after which the device is offline and its points are bad.");

    /// <summary>What of points: auto becomes a message.</summary>
    public static ReportOptions ReadReport(MapReader map) => map.Optional(
        "report", ReportTable.Kind, HeardDevice.DefaultReport, "With points: auto, which readings become messages; events always do.");

    /// <summary>Where a point's value comes from.</summary>
    /// <returns>null: the point's own id names the field.</returns>
    public static string? ReadField(MapReader map) => map.Maybe(
        "field", Field, "the point's id", "The decoder's name of the value: temperature, humidity, battery, rssi, last-seen, …; scans list what a device says.");
}
