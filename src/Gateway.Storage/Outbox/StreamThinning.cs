namespace Gateway.Storage;

/// <summary>Thins a stream that fills up, its oldest entries first: others, appended behind everything else, stand for them. For the journal's thread.</summary>
/// <remarks>
/// Nothing is written anew under an old number, since upstream may have seen it. What stands for the entries has numbers of its own, and they go as a gap in the very commit
/// that makes it durable: a power cut leaves either the ones or the other. It begins when the queue is full to three quarters and reads a little in each turn, so that nobody
/// waits for it; what is beyond the limit meanwhile is not dropped, up to <see cref="Slack"/>.
/// </remarks>
internal sealed class StreamThinning(OutboxStream stream, StreamHost host) : IDisposable
{
    /// <summary>256 KiB in a turn: what is read at once, and some milliseconds on a small board. More only where twice as much was appended since the last one: thinning is the quicker.</summary>
    private const int Step = 256 << 10;

    /// <summary>A quarter of the queue at once.</summary>
    private const int Share = 4;

    /// <summary>Where the sender ran into what was being summed up, twice as many as before are left to it, from 64 on, up to an eighth of what waits.</summary>
    private const ulong ShortestLead = 64;
    private const ulong LongestLead = 8;

    private EntryReader? _reader;
    private ThinningPass? _pass;
    private ulong _from;
    private ulong _restsUntil;
    private ulong _lead;
    private int _looked;
    private long? _bytes;
    private bool _isTold;

    /// <summary>Bytes that the queue may be beyond its limit because room is about to be made: as much as one commit may bring while something is being summed up, and once more until
    /// that is handed over.</summary>
    public long Slack => _pass switch { null => 0, { IsRead: false } => host.BatchLimit, _ => 2L * host.BatchLimit };

    /// <summary>Goes on a little, if the stream is to be thinned.</summary>
    /// <param name="wakeup">Asked for another turn as long as something is to be done.</param>
    /// <param name="isOpen">The disk takes what would be made.</param>
    public void Continue(Wakeup wakeup, bool isOpen)
    {
        var grown = Math.Max(0, stream.Bytes - (_bytes ?? stream.Bytes));
        _bytes = stream.Bytes;
        if (!isOpen || stream.Limits is not { WhenFull: WhenFull.Downsample, Digest: { } create } limits)
        {
            Abandon();
            return;
        }

        _isTold &= _bytes > limits.Size / 2;
        if (_pass is null && IsDue(limits))
        {
            _pass = Begin(create(), limits);
        }

        if (_pass is not { } pass)
        {
            return;
        }

        if (!pass.IsRead)
        {
            pass.Read(Math.Max(Step, 2 * grown));
        }

        if (pass is { IsRead: true, IsWorthIt: true })
        {
            wakeup.Commit();
            return;
        }

        if (pass.IsRead)
        {
            End(pass, gained: false);
            _pass = IsDue(limits) ? Begin(create(), limits) : null;
        }

        if (_pass is not null)
        {
            wakeup.Turn();
        }
    }

    /// <summary>Adds what was made to the batch that is about to be written; the entries for which it stands go with the same commit.</summary>
    /// <returns>Whether there was something, and it found room.</returns>
    public bool TryHandOver(Appender appender)
    {
        if (_pass is not { IsRead: true } pass)
        {
            return false;
        }

        if (!stream.TryWithhold(pass))
        {
            // The sender has come, or a person gave it up: it makes room by itself.
            _lead = Math.Max(ShortestLead, _lead * 2);
            Abandon();
            return false;
        }

        var standIns = pass.Finish();
        if (standIns.Sum(static s => s.LengthBound) > host.BatchLimit / 4 * 3)
        {
            // More than what a batch has room for, beside what came meanwhile.
            stream.Offer();
            End(pass, gained: false);
            return false;
        }

        if (!appender.TryReplace(stream, pass.Ranges, standIns))
        {
            // The next batch has more room.
            stream.Offer();
            return false;
        }

        if (!_isTold)
        {
            _isTold = true;
            host.Thinned(stream.Id, pass.Taken, standIns.Count);
        }

        _lead /= 2;
        End(pass, gained: true);
        return true;
    }

    public void Dispose() => _reader?.Dispose();

    private bool IsDue(StreamLimits limits) => stream.Bytes > limits.Size - (limits.Size / Share) && stream.Ledger.Next >= _restsUntil;

    private ThinningPass Begin(IDigest digest, StreamLimits limits)
    {
        var from = stream.Ask(b => b.InFlight.After is > 0 and var after ? after + (_lead = Math.Min(_lead, (b.Progress.Next - after) / LongestLead)) : 0);
        _reader ??= stream.Reading.NewReader();
        return new ThinningPass(stream, _reader, digest, Math.Max(from, _from), limits.Size / Share, host.BatchLimit / 2);
    }

    /// <summary>What comes behind it is next, so that a queue in which little is left to be summed up is not read again and again for it. After all of it, there is a rest.</summary>
    private void End(ThinningPass pass, bool gained)
    {
        _looked += gained ? 0 : pass.Entries;
        _from = pass.Next;
        if (pass.IsEnd)
        {
            _restsUntil = stream.Ledger.Next + (ulong)Math.Max(gained ? 0 : 1, _looked / Share);
            (_from, _looked) = (0, 0);
        }

        Abandon();
    }

    private void Abandon()
    {
        _reader?.Dispose();
        (_reader, _pass) = (null, null);
    }
}
