using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli;

/// <summary>A scan on a terminal, kept up to date.</summary>
internal sealed class BleScanView(BleHearing hearing, TimeProvider time)
{
    /// <summary>Title, an empty line, heads, and the line that says that there is more.</summary>
    private const int Around = 4;

    /// <param name="height">Lines that fit.</param>
    public IRenderable Picture(int height) => hearing.Read(devices =>
    {
        var shown = Math.Min(devices.Count, Math.Max(1, height - Around));
        var table = Drawing.Table("ADDRESS", "NAME", "\tdBm", "\t/min", "DECODER", "SAYS", "\tAGE");
        foreach (var device in devices.Take(shown))
        {
            var style = device.Refusal is not null ? Drawing.Doubtful : device.Id is not null ? Drawing.Good : device.Format is null ? Drawing.Faint : null;
            table.AddRow(
                Drawing.Line(device.Address.ToString(), style), Drawing.Line(BleScanText.Name(device)), Drawing.Line(BleScanText.Rssi(device)), Drawing.Line(BleScanText.Rate(device, time)),
                Drawing.Line(device.Format?.Name ?? "-"), Drawing.Line(device.Says, style), Drawing.Line(Words.Age((long)time.GetElapsedTime(device.LastHeardAt).TotalMilliseconds), Drawing.Faint));
        }

        var state = hearing.State is { } radio ? $"{radio.Text}{(radio.Remedy is null ? "" : $": {radio.Remedy}")}" : "opening the radio";
        return new Rows(
            Drawing.Line($"{state}; {Words.Count(devices.Count, "device")}, {hearing.Advertisements.ToString("N0", CultureInfo.InvariantCulture)} advertisements; Ctrl+C ends", hearing.State?.IsHearing == false ? Drawing.Bad : Drawing.Faint),
            Spectre.Console.Text.Empty,
            table,
            shown == devices.Count ? Spectre.Console.Text.Empty : Drawing.Line($"… and {devices.Count - shown} more, in a taller window", Drawing.Faint));
    });
}
