namespace Gateway.Demo;

/// <summary>How the demo stands.</summary>
/// <param name="Elapsed">Since it began.</param>
/// <param name="IsUp">Whether the line to the cloud is.</param>
/// <param name="Waiting">Entries of the outbox that the cloud has not acknowledged.</param>
/// <param name="Counts">What the backend has counted.</param>
/// <param name="Values">What has come last, by device and point.</param>
internal sealed record DemoMoment(TimeSpan Elapsed, bool IsUp, ulong Waiting, DemoCounts Counts, IReadOnlyList<KeyValuePair<string, string>> Values)
{
    public string Line =>
        $"{Elapsed:mm\\:ss} line {(IsUp ? "up  " : "CUT ")} queue {Waiting,5}  received {Counts.Received,6}  missing {Counts.Missing}  "
        + $"duplicated {Counts.Duplicates}  out of order {Counts.OutOfOrder}  | {string.Join("  ", Values.Select(static v => $"{v.Key} {v.Value}"))}";
}
