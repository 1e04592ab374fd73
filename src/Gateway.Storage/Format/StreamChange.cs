namespace Gateway.Storage;

/// <summary>How a stream has changed since it was last told as a whole: cursor and counters, which gaps and ranges above the cursor are gone, and which are new.</summary>
/// <remarks>It tells everything since then, not only since the last change: damage to one of them costs nothing that the next one does not bring back.
/// GapsGone and AheadGone are places in the lists of the frame of that serial.</remarks>
internal sealed record StreamChange(
    uint Number, ulong Serial, ulong Oldest, ulong Next, ulong Acknowledged, ulong Dropped, long Bytes, IReadOnlyDictionary<GapReason, ulong> DroppedBy,
    IReadOnlyList<int> GapsGone, IReadOnlyList<Gap> GapsNew, IReadOnlyList<int> AheadGone, IReadOnlyList<ResolvedRange> AheadNew)
{
    /// <summary>Below so many gaps and ranges, the whole fits into the commit's block all the same.</summary>
    private const int FewRanges = 8;

    /// <summary>As soon as a change takes an eighth of the whole, the whole is written again, so that the next ones are small: with 1,000 ranges, one commit in a hundred.</summary>
    private const int Fraction = 8;

    /// <summary>What has changed.</summary>
    /// <returns>null: so little is the whole, or so much has changed, that the whole is to be written.</returns>
    public static StreamChange? Between(StreamFrame before, StreamFrame now)
    {
        var most = (before.Gaps.Count + before.Ahead.Count) / Fraction;
        if (before.Gaps.Count + before.Ahead.Count < FewRanges || !before.Eras.SequenceEqual(now.Eras))
        {
            return null;
        }

        var eras = new Eras(now.Eras);
        var gaps = Differ(before.Gaps, now.Gaps, eras.PositionOf, most);
        var ahead = Differ(before.Ahead, now.Ahead, static r => r.From, most, r => r.To < now.Oldest);
        return gaps.Gone.Count + gaps.New.Count + ahead.Gone.Count + ahead.New.Count > most
            ? null
            : new StreamChange(now.Number, before.Serial, now.Oldest, now.Next, now.Acknowledged, now.Dropped, now.Bytes, now.DroppedBy, gaps.Gone, gaps.New, ahead.Gone, ahead.New);
    }

    /// <summary>The stream as it is after the change.</summary>
    /// <param name="last">What is known of it.</param>
    /// <param name="whole">The frame that it builds on; null: it is lost, and so is which of the older gaps upstream has been told: it is told again.</param>
    public StreamFrame Apply(StreamFrame last, StreamFrame? whole)
    {
        // Ranges only grow, and gaps only shrink when upstream was told of a part: what overlaps with a new one is what that one was before.
        var gaps = whole is not null ? Left(whole.Gaps, GapsGone) : last.Gaps.Where(g => !GapsNew.Any(n => n.Epoch == g.Epoch && n.From <= g.To && g.From <= n.To));
        var ahead = whole is not null ? Left(whole.Ahead, AheadGone) : last.Ahead.Where(r => !AheadNew.Any(n => n.From <= r.To && r.From <= n.To));
        return (whole ?? last) with
        {
            Oldest = Oldest,
            Next = Next,
            Acknowledged = Acknowledged,
            Dropped = Dropped,
            Bytes = Bytes,
            DroppedBy = DroppedBy,
            Gaps = [.. gaps, .. GapsNew],
            Ahead = [.. ahead.Concat(AheadNew).Where(r => r.To >= Oldest).OrderBy(static r => r.From)],
        };
    }

    public void Write(ByteBuffer buffer)
    {
        var start = Frames.Begin(buffer, FrameType.StreamChange);
        buffer.Number(Number);
        buffer.Number(Serial);
        buffer.Number(Oldest);
        buffer.Number(Next);
        buffer.Number(Acknowledged);
        buffer.Number(Dropped);
        buffer.Number((ulong)Bytes);
        StreamLists.Write(buffer, DroppedBy);
        StreamLists.Write(buffer, GapsGone);
        StreamLists.Write(buffer, GapsNew);
        StreamLists.Write(buffer, AheadGone);
        StreamLists.Write(buffer, AheadNew);
        Frames.End(buffer, start);
    }

    public static StreamChange? Read(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        var change = new StreamChange(
            (uint)reader.Number(),
            reader.Number(),
            reader.Number(),
            reader.Number(),
            reader.Number(),
            reader.Number(),
            (long)reader.Number(),
            StreamLists.ReadDropped(ref reader),
            StreamLists.ReadPlaces(ref reader),
            StreamLists.ReadGaps(ref reader),
            StreamLists.ReadPlaces(ref reader),
            StreamLists.ReadAhead(ref reader));
        return reader.Failed ? null : change;
    }

    private static IEnumerable<T> Left<T>(IReadOnlyList<T> items, IReadOnlyList<int> gone)
    {
        var next = 0;
        for (var i = 0; i < items.Count; i++)
        {
            if (next < gone.Count && gone[next] == i)
            {
                next++;
                continue;
            }

            yield return items[i];
        }
    }

    /// <summary>Compares two lists in the order of their positions; gives up beyond <paramref name="most"/> differences. What has been passed is gone without being listed.</summary>
    private static (List<int> Gone, List<T> New) Differ<T>(
        IReadOnlyList<T> before, IReadOnlyList<T> now, Func<T, ulong> position, int most, Func<T, bool>? passed = null)
        where T : struct, IEquatable<T>
    {
        var (gone, added) = (new List<int>(), new List<T>());
        for (var (i, j) = (0, 0); (i < before.Count || j < now.Count) && gone.Count + added.Count <= most;)
        {
            if (i < before.Count && j < now.Count && before[i].Equals(now[j]))
            {
                (i, j) = (i + 1, j + 1);
            }
            else if (i < before.Count && (j == now.Count || position(before[i]) <= position(now[j])))
            {
                if (passed?.Invoke(before[i]) != true)
                {
                    gone.Add(i);
                }

                i++;
            }
            else
            {
                added.Add(now[j++]);
            }
        }

        return (gone, added);
    }
}
