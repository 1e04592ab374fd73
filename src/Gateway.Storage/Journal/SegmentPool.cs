using Microsoft.Extensions.Logging;

namespace Gateway.Storage;

/// <summary>Files of the right size, written once through, that wait to become segments: made in the background, or used before.</summary>
/// <remarks>Zeros are written, never preallocated: a commit into unwritten extents costs the file system a journal transaction each.</remarks>
internal sealed class SegmentPool(IJournalFiles files, string folder, JournalOptions options, StorageMetrics metrics, ILogger log)
{
    public const string SparePrefix = "spare-";

    /// <summary>One for what comes next, and one that is held for cursors and gaps.</summary>
    public const int Wanted = 2;

    /// <summary>More are given back to the file system.</summary>
    private const int Most = 8;

    private const int Chunk = 256 << 10;

    private readonly Lock _lock = new();
    private readonly Queue<string> _free = new();
    private Task _making = Task.CompletedTask;
    private volatile bool _exhausted;
    private volatile bool _full;
    private volatile bool _lacksSpace;
    private volatile bool _told;
    private volatile bool _stopping;

    /// <summary>Whether making one failed lately: what was is all there is.</summary>
    public bool IsExhausted => _exhausted;

    /// <summary>Whether that was for want of space, so that dropping helps.</summary>
    public bool IsFull => _exhausted && _full;

    /// <summary>Whether the last attempt to make a segment failed, however many were recycled since.</summary>
    public bool LacksSpace => _lacksSpace;

    /// <summary>Whether no more are made.</summary>
    public bool IsStopping => _stopping;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _free.Count;
            }
        }
    }

    /// <summary>Takes in a file that nobody needs any more.</summary>
    public void Add(string path, long size, bool suspect)
    {
        lock (_lock)
        {
            if (size == options.SegmentSize && !suspect && _free.Count < Most)
            {
                _free.Enqueue(path);
                _exhausted &= _free.Count < Wanted;
                return;
            }
        }

        TryDelete(path);
    }

    /// <summary>Takes one out, after waiting for the one that is being made if need be.</summary>
    /// <param name="keep">How many must remain if no more can be made: they are not given before that is known.</param>
    public string? Take(int keep)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_free.Count > keep)
                {
                    return _free.Dequeue();
                }

                if (_exhausted || _stopping)
                {
                    return null;
                }
            }

            Replenish(retry: false);
            _making.Wait();
        }
    }

    /// <summary>Makes one of another size, for what is to be restated and does not fit into a usual one. Blocks.</summary>
    public string? TakeLarge(long size)
    {
        var path = Path.Combine(folder, $"{SparePrefix}{Guid.NewGuid():N}.seg");
        return TryMake(path, size) ? path : null;
    }

    /// <summary>Makes what is missing, in the background.</summary>
    /// <param name="retry">Also if it failed lately.</param>
    public void Replenish(bool retry)
    {
        lock (_lock)
        {
            if (_free.Count < Wanted && _making.IsCompleted && !_stopping && (retry || !_exhausted))
            {
                _exhausted = false;
                _making = Task.Factory.StartNew(Make, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Makes what is missing, however it went lately. An attempt from before is waited for: its failure says nothing about now.</summary>
    public void Retry()
    {
        Settle();
        Replenish(retry: true);
    }

    /// <summary>Waits for the attempt that is under way: until then nobody knows whether the disk is full.</summary>
    public void Settle()
    {
        Task making;
        lock (_lock)
        {
            making = _making;
        }

        making.Wait();
    }

    public void Stop()
    {
        Task making;
        lock (_lock)
        {
            _stopping = true;
            making = _making;
        }

        making.Wait();
    }

    public void TryDelete(string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            JournalLog.DeleteFailed(log, path, e.Message);
        }
    }

    private void Make()
    {
        while (Count < Wanted && !_stopping)
        {
            var path = Path.Combine(folder, $"{SparePrefix}{Guid.NewGuid():N}.seg");
            if (!TryMake(path, options.SegmentSize))
            {
                return;
            }

            lock (_lock)
            {
                _free.Enqueue(path);
            }
        }
    }

    private bool TryMake(string path, long size)
    {
        try
        {
            if (!WriteZeros(path, size))
            {
                TryDelete(path);
                return false;
            }

            _lacksSpace = false;
            _told = false;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_told)
            {
                _told = true;
                JournalLog.NoSpare(log, folder, e.Message);
            }

            metrics.Failed("spare");
            _full = Errno.IsNoSpace(e);
            _exhausted = true;
            _lacksSpace = true;
            TryDelete(path);
            return false;
        }
    }

    /// <returns>false: the journal stops, and on a slow card it would take seconds to make one that nobody takes any more. The one that is held in reserve is made.</returns>
    private bool WriteZeros(string path, long size)
    {
        using var file = files.Open(path);
        var zeros = new byte[Math.Min(Chunk, size)];
        for (long offset = 0; offset < size; offset += zeros.Length)
        {
            if (_stopping && Count > 0)
            {
                return false;
            }

            var length = (int)Math.Min(zeros.Length, size - offset);
            file.Write(zeros.AsSpan(0, length), offset);
        }

        file.Sync();
        return true;
    }
}
