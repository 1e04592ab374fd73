namespace Gateway.Storage;

/// <summary>What damage has destroyed of a stream's books, where the commits around it still show that something is missing.</summary>
internal static class LostChanges
{
    /// <summary>Between the two, more was dropped than is known to have been: nobody can say any more which numbers. All of which nothing is known are told.</summary>
    /// <param name="last">The stream before the damage.</param>
    /// <param name="now">And after it: its figures are right, of its gaps some may be missing.</param>
    /// <param name="wall">When that was, in milliseconds since the epoch.</param>
    public static IEnumerable<Gap> Of(StreamFrame last, StreamFrame now, long wall)
    {
        var eras = new Eras(now.Eras);
        var known = last.Ahead.Select(static r => (r.From, r.To, IsDropped: r.Reason is not null))
            .Concat(now.Gaps.Select(g => (From: eras.PositionOf(g), g.Count)).Where(static g => g.From > 0).Select(static g => (g.From, To: g.From + g.Count - 1, IsDropped: true)))
            .OrderBy(static r => r.From);
        var (unknown, dropped, next) = (new List<ResolvedRange>(), 0UL, last.Oldest);
        foreach (var range in known.Where(r => r.From < now.Oldest).Append((From: now.Oldest, To: now.Oldest, IsDropped: false)))
        {
            if (range.From > next)
            {
                unknown.Add(new ResolvedRange(next, range.From - 1, GapReason.Quarantine, wall, wall));
                next = range.From;
            }

            var end = Math.Min(range.To + 1, now.Oldest);
            dropped += range.IsDropped && end > next ? end - next : 0;
            next = Math.Max(next, end);
        }

        return now.Dropped - last.Dropped > dropped ? unknown.SelectMany(eras.ToGaps) : [];
    }
}
