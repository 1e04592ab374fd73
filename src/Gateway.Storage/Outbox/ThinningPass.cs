namespace Gateway.Storage;

/// <summary>Reads a stream from a place on, a little at a time, and sums up what it can. For the journal's thread.</summary>
/// <remarks>What it holds in memory is bounded by <paramref name="memory"/>, whatever the number of topics; what it may free, by <paramref name="share"/>.</remarks>
/// <param name="stream">The stream.</param>
/// <param name="reader">Of whoever thins.</param>
/// <param name="digest">Sums up.</param>
/// <param name="from">The lowest number that may be taken.</param>
/// <param name="share">Bytes on disk that are taken at most.</param>
/// <param name="memory">Bytes that what stands for them may take.</param>
internal sealed class ThinningPass(OutboxStream stream, EntryReader reader, IDigest digest, ulong from, long share, long memory)
{
    /// <summary>Entries that stay split the gap; each piece is told by itself, and restated in each segment.</summary>
    private const int MostPieces = 64;

    /// <summary>256 KiB of what stands for others is enough for one commit, if each of it stands for many.</summary>
    private const int Plenty = 256 << 10;
    private const int Many = 32;

    private readonly List<ThinnedRange> _ranges = [];

    /// <summary>With so many gaps untold, nothing stays that would make more of them.</summary>
    private readonly bool _isCrowded = stream.Untold >= Progress.MostGaps / 2;

    private int _pieces;
    private bool _split;
    private long _frees;

    /// <summary>Of which something stands for.</summary>
    private long _summedUp;

    /// <summary>The next number to be looked at.</summary>
    public ulong Next { get; private set; } = from;

    /// <summary>Entries that were looked at.</summary>
    public int Entries { get; private set; }

    /// <summary>Entries for which others are to stand.</summary>
    public ulong Taken { get; private set; }

    /// <summary>It takes no more.</summary>
    public bool IsRead { get; private set; }

    /// <summary>It has come to the end of the stream.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Entries that go, oldest first.</summary>
    public IReadOnlyList<ThinnedRange> Ranges => _ranges;

    /// <summary>It frees at least half of what it takes up, and gives up little for which nothing stands.</summary>
    public bool IsWorthIt => Takes <= _summedUp / 2 && _summedUp >= _frees / 2;

    /// <summary>Less than three quarters of the bytes is what it is done for.</summary>
    private bool IsPoor => Takes > _summedUp / 4;

    /// <summary>Bytes that what stands for them takes, with the rest of the last block of its commit.</summary>
    private long Takes => digest.Bytes + Layout.Block;

    /// <summary>Nobody has taken or dropped any of it meanwhile.</summary>
    public bool IsUntouched(Progress progress, InFlight inFlight)
    {
        if (_ranges.Count == 0 || _ranges[0].Range.From < inFlight.After)
        {
            return false;
        }

        var open = 0UL;
        foreach (var (range, _) in _ranges)
        {
            open += progress.CountOpen(range.From, range.To);
        }

        return open == Taken;
    }

    /// <summary>What stands for them.</summary>
    public IReadOnlyList<StandIn> Finish() => digest.Finish();

    /// <summary>Reads on.</summary>
    /// <param name="step">So many bytes on disk.</param>
    public void Read(long step)
    {
        for (var left = step; left > 0 && !IsRead; left -= reader.Cost)
        {
            var extent = reader.Extent;
            if (!stream.Reading.TryMove(reader, Next, inFlightToo: false))
            {
                IsEnd = true;
                break;
            }

            Next = reader.Seq + 1;
            Entries++;
            Look(isSameExtent: ReferenceEquals(extent, reader.Extent));
            IsRead = _frees >= share || _pieces == MostPieces || (digest.Bytes >= Plenty && Takes <= _summedUp / Many)
                || (digest.Bytes >= memory && !(IsPoor && digest.Coarsen() && digest.Bytes < memory));
        }

        IsRead |= IsEnd;
        while (IsRead && IsPoor && digest.Coarsen())
        {
        }
    }

    private void Look(bool isSameExtent)
    {
        if (!reader.Retain && reader.Decode(stream.Number, receivedAt: 0) is { } found && found.Message.Properties.MessageExpiryInterval is null
            && digest.TryAdd(found.Topic, found.Message))
        {
            Take(GapReason.Downsampled, isSameExtent);
        }
        else if (_isCrowded)
        {
            Take(GapReason.Size, isSameExtent);
        }
        else
        {
            _split = true;
        }
    }

    private void Take(GapReason reason, bool isSameExtent)
    {
        var (seq, wall, cost) = (reader.Seq, reader.AppendedAt.Wall, reader.Cost);
        if (_ranges.Count > 0 && isSameExtent && !_split)
        {
            _ranges[^1] = _ranges[^1].Plus(seq, reason, wall, cost);
        }
        else
        {
            _pieces += _split ? 1 : 0;
            _ranges.Add(ThinnedRange.Of(seq, reason, wall, cost));
        }

        _split = false;
        Taken++;
        _frees += cost;
        _summedUp += reason == GapReason.Downsampled ? cost : 0;
    }
}
