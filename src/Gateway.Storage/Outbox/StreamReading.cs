namespace Gateway.Storage;

/// <summary>Finds a stream's entries on the disk. What cannot be read for the time being pauses the stream; what never will be becomes a gap.</summary>
/// <param name="stream">Whose entries.</param>
/// <param name="books">Its books.</param>
/// <param name="gate">Guards them.</param>
/// <param name="host">What it works with.</param>
internal sealed class StreamReading(OutboxStream stream, StreamBooks books, Lock gate, StreamHost host) : IDisposable
{
    private readonly Lock _reading = new();
    private readonly EntryReader _reader = new(host.Files, host.SumStart);

    /// <inheritdoc cref="IOutboxStream.TryRead"/>
    public bool TryRead(ulong seq, out OutboxEntry entry)
    {
        lock (_reading)
        {
            while (TryMove(_reader, seq, inFlightToo: true))
            {
                seq = _reader.Seq;
                if (_reader.Decode(stream.Number, host.Time.GetTimestamp()) is not { } found)
                {
                    Lose(seq, seq, _reader.Segment);
                    continue;
                }

                var age = _reader.AppendedAt.AgeOn(host.Clock);
                var expiry = found.Message.Properties.MessageExpiryInterval;
                var remaining = expiry - (age / 1000);
                if (Take(seq, found.Topic, age, expired: remaining <= 0) is not { } isTaken)
                {
                    break;
                }

                if (isTaken)
                {
                    var message = found.Message;
                    if (remaining is { } left && left != expiry)
                    {
                        message = message with { Properties = message.Properties with { MessageExpiryInterval = (uint)left } };
                    }

                    entry = new OutboxEntry(seq, found.Topic, message, WallClock.Of(_reader.AppendedAt.Wall));
                    return true;
                }
            }

            entry = default;
            return false;
        }
    }

    /// <summary>For <see cref="TryMove"/>: one for each who reads.</summary>
    public EntryReader NewReader() => new(host.Files, host.SumStart);

    /// <inheritdoc cref="IOutboxStream.Rewind"/>
    public void Rewind()
    {
        lock (_reading)
        {
            lock (gate)
            {
                books.Rewind();
            }
        }
    }

    /// <summary>Moves the reader to the oldest entry from <paramref name="seq"/> on with which something is left to do; what cannot be read on the way becomes a gap.</summary>
    public bool TryMove(EntryReader reader, ulong seq, bool inFlightToo)
    {
        while (TryStep(reader, ref seq, inFlightToo, lose: true, out var unreadable))
        {
            if (unreadable is not { } last)
            {
                return true;
            }

            seq = last + 1;
        }

        return false;
    }

    /// <summary>As <see cref="TryMove"/>, up to the first that cannot be read.</summary>
    /// <param name="reader">Stands on the entry afterwards, if it can be read.</param>
    /// <param name="seq">From where on; then the number found.</param>
    /// <param name="inFlightToo">Also what the sender has.</param>
    /// <param name="lose">What cannot be read becomes a gap; otherwise nothing is changed.</param>
    /// <param name="unreadable">null: it can be read; else the last number of those that cannot.</param>
    /// <returns>false: there is none, or the disk cannot be read for the time being.</returns>
    public bool TryStep(EntryReader reader, ref ulong seq, bool inFlightToo, bool lose, out ulong? unreadable)
    {
        while (true)
        {
            unreadable = null;
            if (Locate(reader, ref seq, inFlightToo) is not { } place)
            {
                return false;
            }

            var (extent, last) = place;
            try
            {
                var found = extent is not null && reader.MoveTo(stream.Number, seq);
                unreadable = !found ? last : reader.Seq > seq ? reader.Seq - 1 : null;
                if (found)
                {
                    host.Faults.Readable(extent!.Segment);
                }

                if (lose && unreadable is { } to)
                {
                    Lose(seq, to, extent?.Segment);
                }

                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!lose)
                {
                    reader.Close();
                    unreadable = last;
                    return true;
                }

                if (!GiveUp(reader, extent!.Segment, e))
                {
                    return false;
                }
            }
            finally
            {
                extent?.Segment.Unpin();
            }
        }
    }

    /// <summary>What cannot be read becomes a gap.</summary>
    public void Lose(ulong from, ulong to, Segment? segment)
    {
        ulong lost;
        lock (gate)
        {
            var now = Moment.Of(host.Clock).Wall;
            lost = books.Resolve(from, to, GapReason.Quarantine, now, now, cost: 0);
        }

        if (lost > 0 && segment is not null)
        {
            host.Damaged(segment, stream.Id, lost);
        }

        host.Progressed();
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Finds where the entry lies, and opens the reader there.</summary>
    /// <returns>Its extent, pinned (null: it is nowhere on disk), and the last number there; null: there is none.</returns>
    private (Extent? Extent, ulong Last)? Locate(EntryReader reader, ref ulong seq, bool inFlightToo)
    {
        lock (gate)
        {
            seq = books.Progress.NextUnresolved(inFlightToo ? seq : Math.Max(seq, books.InFlight.After));
            if (seq >= books.Progress.Next)
            {
                return null;
            }

            var extent = books.Extents.Locate(seq);
            extent?.Segment.Pin();
            if (extent is not null && !reader.Leads(extent, seq))
            {
                reader.Open(extent, books.InFlight.ResumeAt(extent, seq) ?? extent.Offset);
            }

            return (extent, extent?.Last ?? books.Progress.Next - 1);
        }
    }

    /// <summary>The device could not read on.</summary>
    /// <returns>Whether the place is given up; else the stream pauses.</returns>
    private bool GiveUp(EntryReader reader, Segment segment, Exception reason)
    {
        if (host.Faults.IsDamage(segment, out var isNew))
        {
            reader.Skip();
            return true;
        }

        reader.Close();
        if (isNew)
        {
            host.Unreadable(segment, reason);
        }

        lock (gate)
        {
            // The commit of it is what the disk has to prove itself with.
            (books.IsPaused, books.IsChanged) = (true, true);
        }

        host.Progressed();
        return false;
    }

    /// <returns>Whether it is in flight now; false: nothing is left to do about it; null: neither for the moment.</returns>
    private bool? Take(ulong seq, string topic, long age, bool expired)
    {
        lock (gate)
        {
            if (seq >= books.Withheld)
            {
                return null;
            }

            if (books.Progress.IsResolved(seq))
            {
                return false;
            }

            // Who reads again what it has (upstream did not want it yet) starts it anew: an end of its life that came meanwhile holds (§3.3.2.3.3). Nothing else is taken from it.
            var cost = books.InFlight.TryRemove(seq, out var flight) ? flight.Cost : _reader.Cost;
            GapReason? drop = books.IsGivenUp(seq) ? GapReason.Operator
                : expired ? GapReason.Expired
                : flight != default ? null
                : stream.Limits is { } limits && age > limits.Age.TotalMilliseconds ? GapReason.Age
                : _reader.Retain && books.Untold < Progress.MostGaps && books.Retained.IsSuperseded(topic, seq) ? GapReason.Superseded
                : null;
            if (drop is null)
            {
                books.InFlight.Add(seq, new Flight(_reader.Cost, _reader.AppendedAt, _reader.Extent!, _reader.CommitOffset));
                return true;
            }

            books.Resolve(seq, seq, drop, _reader.AppendedAt.Wall, _reader.AppendedAt.Wall, cost);
        }

        host.Progressed();
        return false;
    }
}
