using Gateway.Mqtt;

namespace Gateway.Storage;

/// <summary>What will be the next commit: frames in memory, and what is to be done once they are durable, or will never be.</summary>
internal sealed class Batch(int capacity)
{
    private int _markedLength;
    private int _markedFrames;

    public ByteBuffer Buffer { get; } = new(capacity);

    public int Frames { get; set; }

    public int Entries { get; set; }

    public int EntryBytes { get; set; }

    /// <summary>Appends for whose acknowledgement somebody waits.</summary>
    public int Waiting { get; set; }

    /// <summary>When its first append came.</summary>
    public Moment Moment { get; set; }

    /// <summary>The last log sequence number in it.</summary>
    public long LastLsn { get; set; }

    public List<PendingPart> Parts { get; } = [];

    /// <summary>Keys that it changes, with what they were before (null: nothing), oldest change first.</summary>
    public List<KeyValuePair<string, byte[]?>> Undo { get; } = [];

    public bool IsCheckpoint { get; set; }

    /// <summary>It had no memory for a message that nobody waited for, and takes no more of these: what is missing stays one range.</summary>
    public bool Overflowed { get; set; }

    public bool IsEmpty => Frames == 0 && Parts.Count == 0;

    public void Begin(Moment moment)
    {
        Buffer.Reset(CommitHeader.Size);
        (Frames, Entries, EntryBytes, Waiting, LastLsn, IsCheckpoint, Overflowed) = (0, 0, 0, 0, 0, false, false);
        Moment = moment;
        Parts.Clear();
        Undo.Clear();
    }

    /// <summary>The first that comes into it sets its moment.</summary>
    public void Stamp(IJournalClock clock)
    {
        if (IsEmpty)
        {
            Moment = Moment.Of(clock);
        }
    }

    /// <returns>Bytes of the message's frame.</returns>
    public int Add(MqttMessage message, ReadOnlySpan<EntryTarget> targets, long delay)
    {
        var start = Buffer.Length;
        EntryFrame.Write(Buffer, message, targets, delay);
        var length = Buffer.Length - start;
        Frames++;
        Entries++;
        EntryBytes += length;
        return length;
    }

    /// <summary>The finished header; the buffer is padded to whole blocks.</summary>
    public CommitHeader Finish(Segment segment, ulong number, ulong firstCommit, uint sumStart)
    {
        var length = FramesEnd;
        var flags = (IsCheckpoint ? CommitFlags.Checkpoint : 0) | (Moment.Trusted ? CommitFlags.ClockTrusted : 0);
        var header = new CommitHeader(flags, segment.Generation, number, firstCommit, length, Frames, Entries, EntryBytes, Moment);
        Buffer.Pad(Layout.Block);
        header.Write(Buffer.Written, sumStart);
        return header;
    }

    /// <summary>No more frames will come.</summary>
    public void Close() => FramesEnd = Buffer.Length;

    /// <summary>More frames come after all, behind the last one.</summary>
    public void Reopen() => Buffer.Reset(FramesEnd);

    /// <summary>Bytes that it takes on disk, once closed.</summary>
    public long Area => Layout.Align(FramesEnd);

    /// <summary>What comes behind may be taken back.</summary>
    public void Mark() => (_markedLength, _markedFrames) = (Buffer.Length, Frames);

    /// <summary>Takes back what came behind the mark.</summary>
    public void Rewind()
    {
        Buffer.Reset(_markedLength);
        Frames = _markedFrames;
    }

    private int FramesEnd { get; set; }
}
