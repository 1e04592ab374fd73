namespace Gateway.Storage;

/// <summary>Drops what a stream holds beyond its limits, oldest first, never what is in flight. For the journal's thread.</summary>
internal sealed class StreamTrim(OutboxStream stream, StreamHost host) : IDisposable
{
    private readonly EntryReader _reader = new(host.Files, host.SumStart);
    private (ulong Seq, Moment AppendedAt, uint? Lifetime)? _oldest;

    /// <summary>When the oldest entry that waits was appended, as of the last look.</summary>
    public Moment? Oldest { get; private set; }

    /// <returns>Whether something was dropped.</returns>
    public bool ToSize()
    {
        var dropped = false;
        while (stream.Limits is { WhenFull: WhenFull.DropOldest or WhenFull.Downsample } limits && limits.Size + stream.Thinning.Slack is var most && stream.Bytes > most
            && stream.Reading.TryMove(_reader, 0, inFlightToo: false))
        {
            var wall = _reader.AppendedAt.Wall;
            dropped |= stream.TryDropExtent(_reader.Seq, most, GapReason.Size)
                || stream.TryDrop(_reader.Seq, GapReason.Size, wall, _reader.Cost);
        }

        return dropped;
    }

    /// <summary>Drops the oldest as long as it is older than the limit, or its Message Expiry Interval has ended: it would take room for nothing.</summary>
    /// <returns>Whether something was dropped.</returns>
    public bool ToAge(Moment now)
    {
        var dropped = false;
        while (stream.Limits is { } limits && TryLook() is { } oldest)
        {
            var age = oldest.AppendedAt.AgeAt(now);
            GapReason? reason = oldest.Lifetime - (age / 1000) <= 0 ? GapReason.Expired : age > limits.Age.TotalMilliseconds ? GapReason.Age : null;
            if (reason is not { } why || !stream.Reading.TryMove(_reader, oldest.Seq, inFlightToo: false))
            {
                break;
            }

            // Another one, if it was taken meanwhile, is looked at first.
            dropped |= _reader.Seq == oldest.Seq && stream.TryDrop(_reader.Seq, why, _reader.AppendedAt.Wall, _reader.Cost);
            _oldest = null;
        }

        Oldest = stream.OldestInFlight() ?? _oldest?.AppendedAt;
        return dropped;
    }

    public void Dispose() => _reader.Dispose();

    private (ulong Seq, Moment AppendedAt, uint? Lifetime)? TryLook()
    {
        if (_oldest is null || !stream.IsWaiting(_oldest.Value.Seq))
        {
            _oldest = stream.Reading.TryMove(_reader, 0, inFlightToo: false)
                ? (_reader.Seq, _reader.AppendedAt, _reader.Decode(stream.Number, receivedAt: 0)?.Message.Properties.MessageExpiryInterval)
                : null;
        }

        return _oldest;
    }
}
