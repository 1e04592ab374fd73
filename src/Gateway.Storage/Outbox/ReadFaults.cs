namespace Gateway.Storage;

/// <summary>
/// Tells a place that cannot be read from a disk that is away for a while. An error of the device gives up nothing by itself: the stream pauses; only if the disk
/// has taken a commit since and the place still cannot be read after a while is it damage. So a loose contact never turns a backlog into gaps.
/// </summary>
internal sealed class ReadFaults(TimeProvider time, TimeSpan patience, Func<long> commits)
{
    /// <summary>64 blocks (256 KiB) of a segment once found damaged go without waiting for each; then the disk has to prove itself again.</summary>
    private const int BlocksPerVerdict = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<Segment, Fault> _faults = [];

    /// <summary>A read in the segment failed.</summary>
    /// <param name="segment">Which one.</param>
    /// <param name="isNew">Whether it is the first one since the last that succeeded or was judged.</param>
    /// <returns>Whether what lies there is to be given up.</returns>
    public bool IsDamage(Segment segment, out bool isNew)
    {
        lock (_lock)
        {
            isNew = !_faults.TryGetValue(segment, out var fault);
            if (isNew)
            {
                _faults.Add(segment, new Fault(time.GetTimestamp(), commits(), 0));
                return false;
            }

            if (fault.Left > 0)
            {
                _faults[segment] = fault with { Left = fault.Left - 1 };
                return true;
            }

            if (fault.Since != 0 && (time.GetElapsedTime(fault.Since) < patience || commits() == fault.Commits))
            {
                return false;
            }

            // Judged; the next verdict on this segment starts from here.
            _faults[segment] = fault.Since == 0 ? new Fault(time.GetTimestamp(), commits(), 0) : new Fault(0, 0, BlocksPerVerdict);
            return fault.Since != 0;
        }
    }

    /// <summary>It can be read after all.</summary>
    public void Readable(Segment segment)
    {
        lock (_lock)
        {
            if (_faults.TryGetValue(segment, out var fault) && fault.Since != 0)
            {
                _faults.Remove(segment);
            }
        }
    }

    /// <param name="Since">When the first read failed; 0: it was judged.</param>
    /// <param name="Commits">How many commits there had been then.</param>
    /// <param name="Left">Blocks that are given up without waiting.</param>
    private readonly record struct Fault(long Since, long Commits, int Left);
}
