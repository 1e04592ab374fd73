namespace Gateway.Storage;

/// <summary>Reads the entries of one stream from disk, in blocks, checking every commit that it enters. For one caller at a time.</summary>
internal sealed class EntryReader(IJournalFiles files, uint sumStart) : IDisposable
{
    /// <summary>256 KiB: large enough that a backlog drains at the speed of the disk, small enough for dozens of streams.</summary>
    private const int Chunk = 256 << 10;

    private readonly TopicCache _topics = new();
    private Segment? _segment;
    private IJournalFile? _file;
    private byte[] _buffer = [];
    private long _bufferAt;
    private int _buffered;
    private CommitHeader _commit;
    private long _next;
    private int _frame;
    private int _framesEnd;
    private (int Start, int Length) _body;

    /// <summary>Whether the entry that was found last is still in the buffer.</summary>
    private bool _current;

    /// <summary>What it reads.</summary>
    public Extent? Extent { get; private set; }

    public Segment? Segment => _segment;

    /// <summary>Number of the current entry; 0: none.</summary>
    public ulong Seq { get; private set; }

    /// <summary>Bytes on disk that the current entry takes.</summary>
    public long Cost => _body.Length + Layout.FrameHeader + _commit.Share;

    public Moment AppendedAt { get; private set; }

    /// <summary>Offset of the current entry's commit.</summary>
    public long CommitOffset { get; private set; }

    public bool Retain { get; private set; }

    /// <summary>Whether reading on from where it stands leads to this number in this extent.</summary>
    public bool Leads(Extent extent, ulong seq) => ReferenceEquals(Extent, extent) && (Seq < seq || (Seq == seq && _current));

    public void Open(Extent extent, long offset)
    {
        var segment = extent.Segment;
        Extent = extent;
        if (!ReferenceEquals(_segment, segment))
        {
            _file?.Dispose();
            _file = null;
            _segment = segment;
            _buffered = 0;
        }

        _next = offset;
        _frame = _framesEnd = 0;
        Seq = 0;
        _current = false;
    }

    /// <summary>Moves to the first entry of the stream in this segment with at least this number.</summary>
    /// <returns>false: there is none up to the segment's durable end.</returns>
    /// <exception cref="IOException">The device cannot read it; asking again tries again, <see cref="Skip"/> gives the place up.</exception>
    public bool MoveTo(uint stream, ulong seq)
    {
        if (_current && Seq == seq)
        {
            return true;
        }

        while (true)
        {
            if (MoveInCommit(stream, seq))
            {
                return true;
            }

            // Copies lie in one commit; others behind it may have the same numbers, of other groups.
            if (_next >= _segment!.End || (Extent!.Group is not null && _next != Extent.Offset))
            {
                return false;
            }

            if (!TryEnter(_next, _segment.End))
            {
                // Damage: the next intact commit may begin at any block. What is missing shows in the numbers.
                _next += Layout.Block;
            }
        }
    }

    /// <summary>Gives up the block that could not be read. What is missing shows in the numbers.</summary>
    public void Skip() => _next += Layout.Block;

    /// <summary>Lets go of the file: it may be another one, or readable again, when it is opened next.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
        _buffered = 0;
        _frame = _framesEnd = 0;
        _current = false;
    }

    /// <summary>The current entry's topic upstream and its message; null: damaged.</summary>
    public (string Topic, Mqtt.MqttMessage Message)? Decode(uint stream, long receivedAt)
    {
        if (!EntryFrame.TryReadHead(_buffer.AsSpan(_body.Start, _body.Length), stream, null, out var head) || head.Message(_topics, receivedAt) is not { } message)
        {
            return null;
        }

        return (head.TargetTopic.IsEmpty ? message.Topic : _topics.Get(head.TargetTopic), message);
    }

    /// <summary>The topic under which upstream sees the current entry.</summary>
    public string Topic(uint stream)
    {
        _ = EntryFrame.TryReadHead(_buffer.AsSpan(_body.Start, _body.Length), stream, null, out var head);
        return _topics.Get(head.TargetTopic.IsEmpty ? head.OwnTopic : head.TargetTopic);
    }

    /// <summary>Writes the current entry as a copy.</summary>
    public void CopyTo(ByteBuffer buffer, uint stream, uint group)
    {
        _ = EntryFrame.TryReadHead(_buffer.AsSpan(_body.Start, _body.Length), stream, null, out var head);
        CopyFrame.Write(buffer, group, AppendedAt, stream, head);
    }

    public void Dispose() => _file?.Dispose();

    private bool MoveInCommit(uint stream, ulong seq)
    {
        while (_frame < _framesEnd)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_frame, _framesEnd - _frame);
            if (!Frames.TryNext(ref rest, out var type, out var body))
            {
                _frame = _framesEnd;
                break;
            }

            var start = _frame + Layout.FrameHeader;
            _frame = _framesEnd - rest.Length;
            Moment? appendedAt = null;
            if (Extent!.Group is { } group)
            {
                if (type != FrameType.Copy || !CopyFrame.TryRead(body, out var found, out var moment, out var entry) || found != group)
                {
                    continue;
                }

                start += body.Length - entry.Length;
                type = FrameType.Entry;
                body = entry;
                appendedAt = moment;
            }

            if (type != FrameType.Entry || !EntryFrame.TryReadHead(body, stream, null, out var head) || !head.Wanted)
            {
                continue;
            }

            if (head.Seq >= seq)
            {
                _body = (start, body.Length);
                Seq = head.Seq;
                _current = true;
                Retain = head.Retain;
                AppendedAt = appendedAt ?? _commit.Moment.Plus(head.Delay);
                return true;
            }
        }

        return false;
    }

    private bool TryEnter(long offset, long end)
    {
        _current = false;
        if (!TryBuffer(offset, CommitHeader.Size, end)
            || !CommitHeader.TryRead(Buffered(offset, CommitHeader.Size), _segment!.Generation, out var header)
            || !TryBuffer(offset, header.Length, end)
            || !CommitHeader.IsIntact(Buffered(offset, header.Length), sumStart))
        {
            return false;
        }

        _commit = header;
        CommitOffset = offset;
        _next = offset + header.Area;
        _frame = (int)(offset - _bufferAt) + CommitHeader.Size;
        _framesEnd = (int)(offset - _bufferAt) + header.Length;
        return true;
    }

    private ReadOnlySpan<byte> Buffered(long offset, int length) => _buffer.AsSpan((int)(offset - _bufferAt), length);

    private bool TryBuffer(long offset, int length, long end)
    {
        if (length > end - offset)
        {
            return false;
        }

        if (_buffered > 0 && offset >= _bufferAt && offset + length <= _bufferAt + _buffered)
        {
            return true;
        }

        var wanted = (int)Math.Min(Math.Max(Chunk, Layout.Align(length)), end - offset);
        if (_buffer.Length < wanted)
        {
            _buffer = new byte[wanted];
        }

        _buffered = 0;
        _file ??= files.OpenRead(_segment!.Path);
        _buffered = Fill(wanted, length, offset);
        _bufferAt = offset;
        return _buffered >= length;
    }

    private int Fill(int wanted, int needed, long offset)
    {
        try
        {
            return _file!.Read(_buffer.AsSpan(0, wanted), offset);
        }
        catch (IOException) when (needed < wanted)
        {
            // A bad sector further on must not cost what lies before it.
            return _file!.Read(_buffer.AsSpan(0, needed), offset);
        }
    }
}
