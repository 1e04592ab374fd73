namespace Gateway.Storage;

/// <summary>Everything of a stream that is not an entry, as it is once the commit that holds it is applied.</summary>
/// <remarks>Bytes are what the entries from Oldest on take on disk, without those of this commit. Gaps are those that upstream has not been told yet;
/// Ahead is what is done above the cursor. Eras are the epochs, oldest first; in format 1 there was only one, which began with the stream.</remarks>
internal sealed record StreamFrame(
    uint Number, StreamId Id, IReadOnlyList<Era> Eras, ulong Oldest, ulong Next, ulong Acknowledged, ulong Dropped, long Bytes,
    IReadOnlyList<Gap> Gaps, IReadOnlyList<ResolvedRange> Ahead)
{
    /// <summary>Grows with each frame of the stream that tells everything: what a <see cref="StreamChange"/> builds on. At the end of the frame; 0: from before format 3.</summary>
    public ulong Serial { get; init; }

    /// <summary>Dropped, by reason. At the end of the frame: what was written before it was counted has none, and who does not know it passes over it.</summary>
    public IReadOnlyDictionary<GapReason, ulong> DroppedBy { get; init; } = new Dictionary<GapReason, ulong>();

    /// <summary>Whether nothing from..to is left to do.</summary>
    public bool IsDone(ulong from, ulong to)
    {
        var next = Math.Max(from, Oldest);
        foreach (var range in Ahead.Where(r => r.To >= next))
        {
            if (range.From > next)
            {
                break;
            }

            next = range.To + 1;
        }

        return next > to;
    }

    public void Write(ByteBuffer buffer)
    {
        var start = Frames.Begin(buffer, FrameType.Stream);
        buffer.Number(Number);
        buffer.Byte((byte)Id.Lane);
        buffer.Text(Id.Bridge);
        Write(buffer, Eras[^1]);
        buffer.Number(Oldest);
        buffer.Number(Next);
        buffer.Number(Acknowledged);
        buffer.Number(Dropped);
        buffer.Number((ulong)Bytes);
        StreamLists.Write(buffer, Gaps);
        StreamLists.Write(buffer, Ahead);
        StreamLists.Write(buffer, DroppedBy);
        WriteBases(buffer);
        buffer.Number(Serial);
        Frames.End(buffer, start);
    }

    public static StreamFrame? Read(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        var number = (uint)reader.Number();
        var lane = (Lane)reader.Byte();
        var id = new StreamId(reader.Text(), lane);
        var current = ReadEra(ref reader);
        var frame = new StreamFrame(
            number,
            id,
            [],
            reader.Number(),
            reader.Number(),
            reader.Number(),
            reader.Number(),
            (long)reader.Number(),
            StreamLists.ReadGaps(ref reader),
            StreamLists.ReadAhead(ref reader)) { DroppedBy = StreamLists.ReadDropped(ref reader) };
        frame = frame with { Eras = ReadBases(ref reader, current), Serial = reader.AtEnd ? 0 : reader.Number() };
        return reader.Failed || lane > Lane.Telemetry ? null : frame;
    }

    private static void Write(ByteBuffer buffer, Era era)
    {
        buffer.UInt64(era.Epoch);
        buffer.Byte(era.Previous is null ? (byte)0 : (byte)1);
        buffer.UInt64(era.Previous ?? 0);
    }

    private static Era ReadEra(ref ByteReader reader)
    {
        var epoch = reader.UInt64();
        var hasPrevious = reader.Byte() != 0;
        var previous = reader.UInt64();
        return new Era(epoch, hasPrevious ? previous : null, 0, 0);
    }

    /// <summary>Where the current epoch began, then those before it.</summary>
    private void WriteBases(ByteBuffer buffer)
    {
        buffer.Number(Eras[^1].Base);
        buffer.Number(Eras[^1].DroppedBefore);
        buffer.Number((ulong)Eras.Count - 1);
        for (var i = 0; i < Eras.Count - 1; i++)
        {
            Write(buffer, Eras[i]);
            buffer.Number(Eras[i].Base);
            buffer.Number(Eras[i].DroppedBefore);
        }
    }

    private static List<Era> ReadBases(ref ByteReader reader, Era current)
    {
        if (reader.Failed || reader.Rest.IsEmpty)
        {
            return [current];
        }

        current = current with { Base = reader.Number(), DroppedBefore = reader.Number() };
        var eras = new List<Era>();
        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            eras.Add(ReadEra(ref reader) with { Base = reader.Number(), DroppedBefore = reader.Number() });
        }

        eras.Add(current);
        return eras;
    }
}
