namespace Gateway.Storage;

/// <summary>The lists that are written of a stream: gaps, what is done above the cursor, drops by reason.</summary>
internal static class StreamLists
{
    /// <summary>Stands for "acknowledged" where a reason is expected.</summary>
    private const byte NoReason = 0xFF;

    public static void Write(ByteBuffer buffer, IReadOnlyList<Gap> gaps)
    {
        buffer.Number((ulong)gaps.Count);
        for (var i = 0; i < gaps.Count; i++)
        {
            var gap = gaps[i];
            buffer.UInt64(gap.Epoch);
            buffer.Number(gap.From);
            buffer.Number(gap.Count);
            buffer.Byte((byte)gap.Reason);
            buffer.UInt64((ulong)gap.First.ToUnixTimeMilliseconds());
            buffer.UInt64((ulong)gap.Last.ToUnixTimeMilliseconds());
        }
    }

    public static void Write(ByteBuffer buffer, IReadOnlyList<ResolvedRange> ahead)
    {
        buffer.Number((ulong)ahead.Count);
        for (var i = 0; i < ahead.Count; i++)
        {
            buffer.Number(ahead[i].From);
            buffer.Number(ahead[i].Count);
            buffer.Byte((byte?)ahead[i].Reason ?? NoReason);
            buffer.UInt64((ulong)ahead[i].FirstTime);
            buffer.UInt64((ulong)ahead[i].LastTime);
        }
    }

    public static List<ResolvedRange> ReadAhead(ref ByteReader reader)
    {
        var ahead = new List<ResolvedRange>();
        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            var from = reader.Number();
            var to = from + reader.Number() - 1;
            var reason = reader.Byte();
            ahead.Add(new ResolvedRange(from, to, reason == NoReason ? null : (GapReason)reason, (long)reader.UInt64(), (long)reader.UInt64()));
        }

        return ahead;
    }

    public static void Write(ByteBuffer buffer, IReadOnlyDictionary<GapReason, ulong> droppedBy)
    {
        buffer.Number((ulong)droppedBy.Count);
        foreach (var (reason, count) in droppedBy)
        {
            buffer.Byte((byte)reason);
            buffer.Number(count);
        }
    }

    public static Dictionary<GapReason, ulong> ReadDropped(ref ByteReader reader)
    {
        var droppedBy = new Dictionary<GapReason, ulong>();
        for (var left = reader.AtEnd ? 0 : reader.Number(); left > 0 && !reader.Failed; left--)
        {
            droppedBy[(GapReason)reader.Byte()] = reader.Number();
        }

        return droppedBy;
    }

    public static List<Gap> ReadGaps(ref ByteReader reader)
    {
        var gaps = new List<Gap>();
        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            var epoch = reader.UInt64();
            var from = reader.Number();
            var count = reader.Number();
            var reason = (GapReason)reader.Byte();
            gaps.Add(new Gap(epoch, from, from + count - 1, reason, WallClock.Of((long)reader.UInt64()), WallClock.Of((long)reader.UInt64())));
        }

        return gaps;
    }

    public static void Write(ByteBuffer buffer, IReadOnlyList<int> places)
    {
        buffer.Number((ulong)places.Count);
        for (var i = 0; i < places.Count; i++)
        {
            buffer.Number((ulong)places[i]);
        }
    }

    public static List<int> ReadPlaces(ref ByteReader reader)
    {
        var places = new List<int>();
        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            places.Add((int)reader.Number());
        }

        return places;
    }
}
