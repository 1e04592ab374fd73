namespace Gateway.Storage;

/// <summary>Drops what a stream holds beyond its limits, oldest first, never what is in flight. For the journal's thread.</summary>
internal sealed class StreamTrim(OutboxStream stream, StreamHost host) : IDisposable
{
    private readonly EntryReader _reader = new(host.Files, host.SumStart);
    private (ulong Seq, Moment AppendedAt)? _oldest;

    /// <summary>When the oldest entry that waits was appended, as of the last look.</summary>
    public Moment? Oldest { get; private set; }

    /// <returns>Whether something was dropped.</returns>
    public bool ToSize()
    {
        var dropped = false;
        while (stream.Limits is { WhenFull: WhenFull.DropOldest } limits && stream.Bytes > limits.Size && stream.TryMove(_reader, 0, inFlightToo: false))
        {
            var wall = _reader.AppendedAt.Wall;
            dropped |= stream.TryDropExtent(_reader.Seq, limits.Size, GapReason.Size)
                || stream.TryDrop(_reader.Seq, GapReason.Size, wall, _reader.Cost);
        }

        return dropped;
    }

    /// <returns>Whether something was dropped.</returns>
    public bool ToAge(Moment now)
    {
        var dropped = false;
        while (TryLook(out var seq, out var appendedAt))
        {
            if (stream.Limits is not { } limits || appendedAt.AgeAt(now) <= limits.Age.TotalMilliseconds)
            {
                break;
            }

            if (!stream.TryMove(_reader, seq, inFlightToo: false))
            {
                break;
            }

            dropped |= stream.TryDrop(_reader.Seq, GapReason.Age, _reader.AppendedAt.Wall, _reader.Cost);
            _oldest = null;
        }

        Oldest = stream.OldestInFlight() ?? _oldest?.AppendedAt;
        return dropped;
    }

    public void Dispose() => _reader.Dispose();

    private bool TryLook(out ulong seq, out Moment appendedAt)
    {
        if (_oldest is null || !stream.IsWaiting(_oldest.Value.Seq))
        {
            _oldest = stream.TryMove(_reader, 0, inFlightToo: false) ? (_reader.Seq, _reader.AppendedAt) : null;
        }

        (seq, appendedAt) = _oldest ?? default;
        return _oldest is not null;
    }
}
