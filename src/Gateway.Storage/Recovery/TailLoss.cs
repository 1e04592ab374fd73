namespace Gateway.Storage;

/// <summary>What the journal's mark proves of its end.</summary>
/// <param name="IsProven">Commits that were durable are gone.</param>
/// <param name="Unknown">Bytes of which nobody knows what stood there.</param>
/// <remarks>
/// Without an orderly stop, commits may have followed the mark: a torn last commit and a last commit that was destroyed after it had been promised look the same.
/// Where the mark shows that damage was done at all, everything behind it up to the segment's end may have been written.
/// </remarks>
internal readonly record struct TailLoss(bool IsProven, long Unknown)
{
    /// <param name="mark">This journal's mark, if there is one.</param>
    /// <param name="newest">The newest segment that is here.</param>
    /// <param name="end">Where its last intact commit ends.</param>
    public static TailLoss Of(JournalMark? mark, SegmentFile newest, long end)
    {
        var isShort = newest.Length < (mark?.Generation == newest.Generation ? mark.Size : newest.Header.Size);
        if (mark is null || newest.Generation > mark.Generation)
        {
            return new TailLoss(isShort, isShort ? newest.Header.Size - end : 0);
        }

        if (newest.Generation < mark.Generation)
        {
            return OfMissing(mark);
        }

        var isLess = end < mark.End;
        return mark.IsFinal || !(isLess || isShort) ? new TailLoss(isLess, 0) : new TailLoss(true, mark.Size - Math.Max(end, mark.End));
    }

    /// <summary>The segment that the mark names is not here.</summary>
    public static TailLoss OfMissing(JournalMark mark) => new(true, mark.IsFinal ? 0 : mark.Size - mark.End);
}
