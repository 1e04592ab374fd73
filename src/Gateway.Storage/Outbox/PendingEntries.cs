namespace Gateway.Storage;

/// <summary>What one batch holds of one stream.</summary>
internal sealed class PendingPart(OutboxStream stream)
{
    public OutboxStream Stream { get; } = stream;

    public ulong First { get; set; }

    public ulong Last { get; set; }

    /// <summary>The number after the last one, entry or skipped.</summary>
    public ulong Next { get; set; }

    public int Count { get; set; }

    /// <summary>Bytes of the frames.</summary>
    public long Bytes { get; set; }

    /// <summary>Milliseconds from the batch's moment to the first and last entry.</summary>
    public long FirstDelay { get; set; }

    public long LastDelay { get; set; }

    public List<KeyValuePair<string, ulong>> Retained { get; } = [];

    /// <summary>Numbers for whose acknowledgement nobody waits, entries and gaps.</summary>
    public ulong Unawaited { get; set; }

    /// <summary>Numbers of messages that were not taken: gaps at once.</summary>
    public List<ResolvedRange> Skipped { get; } = [];

    /// <summary>Durable entries for which some of these stand: gaps as soon as these are durable.</summary>
    public List<ThinnedRange> Thinned { get; } = [];
}

/// <summary>What was appended to a stream and is not durable yet. Guarded by the appender.</summary>
internal sealed class PendingEntries(OutboxStream stream)
{
    /// <summary>The number after the last one of which the disk knows.</summary>
    public ulong Durable { get; private set; } = 1;

    /// <summary>The number that the next append gets.</summary>
    public ulong Next { get; private set; } = 1;

    /// <summary>Bytes of frames in memory.</summary>
    public long Bytes { get; private set; }

    /// <summary>The last message was not taken for want of room.</summary>
    public bool IsSkipping { get; private set; }

    /// <summary>Its part of the batch that grows.</summary>
    public PendingPart? Part { get; private set; }

    public void Restore(ulong next) => Next = Durable = next;

    /// <summary>Gives the next number to a message.</summary>
    public ulong Add(Batch batch, long delay, string? retainedTopic, bool awaited)
    {
        var part = PartOf(batch);
        var seq = Next++;
        IsSkipping = false;
        part.Unawaited += awaited ? 0UL : 1;
        if (part.Count++ == 0)
        {
            (part.First, part.FirstDelay) = (seq, delay);
        }

        (part.Last, part.LastDelay, part.Next) = (seq, delay, Next);
        if (retainedTopic is not null)
        {
            part.Retained.Add(new KeyValuePair<string, ulong>(retainedTopic, seq));
        }

        return seq;
    }

    /// <summary>The frame of the message takes these bytes.</summary>
    public void Grow(long bytes)
    {
        Part!.Bytes += bytes;
        Bytes += bytes;
    }

    /// <summary>Gives numbers to messages that are not taken: upstream is told that they are missing. Costs no memory as long as nothing is taken in between.</summary>
    public void Skip(Batch batch, ulong count, bool awaited, GapReason reason, long firstTime, long lastTime)
    {
        var part = PartOf(batch);
        part.Unawaited += awaited ? 0 : count;
        var range = new ResolvedRange(Next, Next + count - 1, reason, firstTime, lastTime);
        Next += count;
        IsSkipping = true;
        part.Next = Next;
        if (part.Skipped.Count > 0 && part.Skipped[^1] is var last && last.To + 1 == range.From && last.Reason == reason)
        {
            part.Skipped[^1] = last with { To = range.To, LastTime = lastTime };
        }
        else
        {
            part.Skipped.Add(range);
        }
    }

    /// <summary>The batch is on its way to the disk; a new one grows.</summary>
    public PendingPart? Take()
    {
        var part = Part;
        Part = null;
        return part;
    }

    public void Committed(PendingPart part)
    {
        Durable = part.Next;
        Bytes -= part.Bytes;
    }

    /// <summary>Nothing of what is pending will become durable: its numbers were never seen outside, and are given again.</summary>
    public void Discard()
    {
        Part = null;
        Next = Durable;
        Bytes = 0;
    }

    private PendingPart PartOf(Batch batch)
    {
        if (Part is null)
        {
            Part = new PendingPart(stream);
            batch.Parts.Add(Part);
        }

        return Part;
    }
}
