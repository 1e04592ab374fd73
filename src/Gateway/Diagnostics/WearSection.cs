using System.Globalization;
using Gateway.Machine;
using Gateway.Storage;

namespace Gateway.Diagnostics;

/// <summary>What the journal costs the card.</summary>
/// <param name="Text">For people.</param>
/// <param name="Written">Bytes written to the journal's files since the start.</param>
/// <param name="Payload">Bytes of topic and payload appended since the start.</param>
/// <param name="Ratio">Bytes written per byte of topic and payload, in the window; null: nothing was appended.</param>
/// <param name="WindowSeconds">What the ratio and the daily bytes are of: the last day, or the time since the start.</param>
/// <param name="Daily">Bytes a day at that pace; null: the window is below one hour.</param>
/// <param name="Endurance">gateway.storage-endurance, bytes; null: not set.</param>
/// <param name="Years">How long it lasts at that pace; null: no forecast.</param>
/// <param name="LifeUsedPercent">What the card says of itself, at most, in steps of 10; null: nothing.</param>
/// <param name="Remedy">What to do; null: nothing.</param>
internal sealed record WearSection(
    string Text, long Written, long Payload, double? Ratio, long WindowSeconds, double? Daily, long? Endurance, double? Years, int? LifeUsedPercent, string? Remedy)
{
    /// <summary>Devices in the field are to last longer.</summary>
    private const double FewYears = 5;

    private const double DaysOfAYear = 365.25;
    private const double MonthsOfAYear = 12;

    public static WearSection Of(WearFigures wear, long? endurance, CardLife? card)
    {
        var years = endurance is { } life ? wear.Years(life) : null;
        return new WearSection(
            Describe(wear, years) + (card is null ? "" : $"; {card}"), wear.TotalWritten, wear.TotalPayload, wear.Ratio, (long)wear.Window.TotalSeconds, wear.Daily, endurance, years,
            card?.UsedPercent, years < FewYears ? "a longer outbox.commit writes readings less often, fewer topics or report: { change: … } write less" : null);
    }

    private static string Describe(WearFigures wear, double? years)
    {
        if (wear.Daily is not { } daily)
        {
            return $"{Size(wear.TotalWritten)} written since the start, {Span(wear.Window)}; a forecast after the first hour";
        }

        var ratio = wear.Ratio is { } r ? string.Create(CultureInfo.InvariantCulture, $", {r:0.0} bytes per byte of messages") : "";
        var since = wear.Window == wear.Uptime ? $"since the start, {Span(wear.Window)}" : "last 24 h";
        return $"{Size(daily)} written a day, {Size(daily * DaysOfAYear)} a year{ratio} ({since}){(years is { } y ? $"; at this pace the card lasts {Lasting(y)}" : "")}";
    }

    private static string Lasting(double years) => years switch
    {
        > 100 => "more than 100 years",
        >= 2 => string.Create(CultureInfo.InvariantCulture, $"about {years:0} years"),
        _ => string.Create(CultureInfo.InvariantCulture, $"about {Math.Max(1, Math.Round(years * MonthsOfAYear)):0} months"),
    };

    private static string Span(TimeSpan span) => span.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h")
        : span.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min")
        : "less than a minute";

    /// <summary>Units of 1000, as the data sheets of cards count.</summary>
    private static string Size(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var unit = 0;
        for (; bytes >= 1000 && unit < units.Length - 1; unit++)
        {
            bytes /= 1000;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {units[unit]}");
    }
}
