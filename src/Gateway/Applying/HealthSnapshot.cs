using Gateway.Diagnostics;

namespace Gateway.Applying;

/// <summary>What was well at one moment, and what was not.</summary>
/// <param name="Parts">null: it is well.</param>
/// <param name="Awaited">Devices that speak by themselves and have not yet: neither well nor worse, but to be told.</param>
internal sealed record HealthSnapshot(IReadOnlyDictionary<string, HealthFault?> Parts, IReadOnlyList<HealthFault> Awaited)
{
    /// <summary>What follows in a link's text changes all the time.</summary>
    private const string NextTry = "; next try";

    public static HealthSnapshot Of(StatusReport report) => new(
        report.Links.Select(l => KeyValuePair.Create($"link {l.Id}", l.Connected ? null : new HealthFault($"link {l.Id}", l.Text.Split(NextTry)[0], null)))
            .Concat(report.Devices.Where(static d => d.Status != DeviceSection.Awaited).Select(d => KeyValuePair.Create(
                $"device {d.Id}", d.Status == DeviceSection.Online ? null : new HealthFault($"device {d.Id}", d.Reason ?? "has not answered yet", d.Remedy))))
            .Concat(report.Bridges.Select(b => KeyValuePair.Create(
                $"bridge {b.Id}", b.State == "connected" ? null : new HealthFault($"bridge {b.Id}", b.Text ?? b.State, b.Remedy))))
            .Append(KeyValuePair.Create("storage", report.Storage.State == StatusReport.Ok ? null : new HealthFault("storage", report.Storage.Text ?? report.Storage.State, null)))
            .ToDictionary(),
        [.. report.Devices.Where(static d => d.Status == DeviceSection.Awaited).Select(static d => new HealthFault($"device {d.Id}", "has not been heard yet", null, Awaited: true))]);

    /// <summary>What was well before, is still there, and is not well.</summary>
    public IReadOnlyList<HealthFault> WorseThan(HealthSnapshot before) => [.. Faults(before, wasWell: true)];

    /// <summary>What is not well, and was not well before or was not there.</summary>
    public IReadOnlyList<HealthFault> NotWellEither(HealthSnapshot before) => [.. Faults(before, wasWell: false), .. Awaited];

    private IEnumerable<HealthFault> Faults(HealthSnapshot before, bool wasWell) =>
        Parts.Where(p => p.Value is not null && (before.Parts.TryGetValue(p.Key, out var earlier) && earlier is null) == wasWell).Select(p => p.Value!);
}
