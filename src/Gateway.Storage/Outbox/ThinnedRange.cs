namespace Gateway.Storage;

/// <summary>Entries of one extent that go together, because others stand for them.</summary>
/// <param name="Range">From the first to the last of them; what was done in between before is none of them.</param>
/// <param name="Cost">Bytes on disk.</param>
internal readonly record struct ThinnedRange(ResolvedRange Range, long Cost)
{
    public static ThinnedRange Of(ulong seq, GapReason reason, long wall, long cost) => new(new ResolvedRange(seq, seq, reason, wall, wall), cost);

    /// <summary>With one more. A range that holds something for which nothing stands says so.</summary>
    public ThinnedRange Plus(ulong seq, GapReason reason, long wall, long cost) =>
        new(Range with { To = seq, LastTime = wall, Reason = reason == GapReason.Size ? reason : Range.Reason }, Cost + cost);

    /// <summary>What of it is left to do.</summary>
    public IEnumerable<ThinnedRange> Open(Progress progress)
    {
        foreach (var (from, to) in progress.Open(Range.From, Range.To))
        {
            var part = Range with { From = from, To = to };
            yield return new ThinnedRange(part, part.Count == Range.Count ? Cost : (long)(Cost * (part.Count / (double)Range.Count)));
        }
    }
}
