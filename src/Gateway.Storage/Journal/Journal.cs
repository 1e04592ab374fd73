using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Gateway.Storage;

/// <summary>One journal for all streams and keyed facts: a folder of segments, written by one thread, one fdatasync for everybody who waits.</summary>
public sealed class Journal : IAsyncDisposable
{
    private readonly IDisposable _lock;
    private readonly CommitterParts _parts;
    private readonly Committer _committer;
    private readonly Quarantine _quarantine;
    private int _disposed;

    private Journal(IDisposable held, CommitterParts parts, Committer committer, StreamHost host, Quarantine quarantine, JournalReport report)
    {
        (_lock, _parts, _committer, _quarantine, Report) = (held, parts, committer, quarantine, report);
        Outbox = new Outbox(parts.Appender, host, parts.Durability);
        State = new StateStore(parts.Appender, parts.Durability);
        Administration = new OutboxAdministration(parts, host, quarantine);
    }

    public IOutbox Outbox { get; }

    public IStateStore State { get; }

    /// <summary>For those who look after the outbox.</summary>
    public OutboxAdministration Administration { get; }

    public IDurability Durability => _parts.Durability;

    /// <summary>What opening it found.</summary>
    public JournalReport Report { get; }

    /// <summary>Whether the new epochs that were asked for are on the disk. If not (it is full, or fails), they will be with the first commit; a start before that makes others.</summary>
    public bool AreEpochsDurable { get; private init; }

    /// <summary>Damaged files that were put aside since it was opened: then, and while entries were read.</summary>
    public IReadOnlyList<QuarantinedFile> Quarantined => _quarantine.Files;

    /// <summary>Messages that had been promised and could not be read, as far as that was found out since it was opened.</summary>
    public ulong Lost => Report.Lost + _quarantine.Lost;

    /// <summary>Whether it takes appends now.</summary>
    public Intake Condition => _committer.Condition;

    /// <summary>Whether there is no room for another segment: streams drop or refuse, as they were told to when full.</summary>
    public bool LacksSpace => _parts.Pool.LacksSpace;

    /// <summary>How long what nobody waits for may wait for its commit: the loss window.</summary>
    public TimeSpan CommitWindow
    {
        get => _parts.Appender.CommitWindow;
        set => _parts.Appender.CommitWindow = value;
    }

    /// <summary>Heartbeat: after <see cref="Beat"/> this grows, unless the journal's thread hangs.</summary>
    public long Turns => _committer.Turns;

    /// <summary>How long the thread has been inside the present write and fdatasync; zero if it is not.</summary>
    public TimeSpan Syncing => _committer.Syncing;

    /// <summary>Segments that are ready to be used; they are made in the background.</summary>
    internal int Spares => _parts.Pool.Count;

    /// <summary>Opens the journal below the data folder (<c>journal/</c>, <c>quarantine/</c>), making it if there is none. Blocks on the disk.</summary>
    /// <exception cref="JournalLockedException">Another process holds it.</exception>
    /// <exception cref="JournalVersionException">A newer version wrote it.</exception>
    /// <exception cref="JournalException">It cannot be read or written at all.</exception>
    public static Journal Open(
        string data, JournalOptions options, IJournalClock clock, TimeProvider time, StorageMetrics metrics, ILogger<Journal> log, IJournalFiles? files = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SegmentSize, JournalOptions.SmallestSegmentSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.SegmentSize % Layout.Block, 0);
        files = new MeteredFiles(files ?? new DiskFiles(), metrics);
        var folder = Path.Combine(data, "journal");
        IDisposable? held = null;
        try
        {
            files.CreateFolder(folder);
            held = files.Lock(Path.Combine(folder, "lock"));
            return Open(held, folder, new Quarantine(files, Path.Combine(data, "quarantine"), clock, log), options, clock, time, metrics, log, files);
        }
        catch (Exception e)
        {
            held?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new JournalException($"{folder}: {e.Message.TrimEnd('.')}; {Remedy(e, data)}", e);
            }

            throw;
        }
    }

    /// <summary>Asks the journal's thread for a turn.</summary>
    public void Beat() => _parts.Wakeup.Turn();

    /// <summary>Makes durable what is pending, and lets go of the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private static string Remedy(Exception error, string data) => error switch
    {
        UnauthorizedAccessException => $"{data} must belong to the user that runs the gateway: chown -R {Environment.UserName} {data}",
        _ when Errno.IsReadOnly(error) => $"make it writable again (mount -o remount,rw on the file system of {data}), and ask dmesg why it is not: usually the card is failing",
        _ when Errno.IsNoSpace(error) => $"free some space on the file system of {data}",
        _ when Errno.IsDevice(error) => "the device does not answer: check the card (dmesg), and replace it",
        _ => "the gateway must be able to read and write there",
    };

    private static Journal Open(
        IDisposable held, string folder, Quarantine quarantine, JournalOptions options, IJournalClock clock, TimeProvider time, StorageMetrics metrics,
        ILogger log, IJournalFiles files)
    {
        var started = Stopwatch.GetTimestamp();
        var mark = new MarkFile(files, folder, log);
        var recovered = new JournalRecovery(files, folder, quarantine).Run(mark.Read());
        var sumStart = Checksum.StartOf(recovered.Journal);
        var wakeup = new Wakeup(time, options.Retry);
        var pool = new SegmentPool(files, folder, options, metrics, log);
        Committer? committer = null;
        var faults = new ReadFaults(time, options.Retry, () => committer?.Commits ?? 0);
        var host = new StreamHost(files, sumStart, clock, time, metrics, new RetainedBudget(options.RetainedLimit), faults)
        {
            Unreadable = (segment, reason) =>
            {
                metrics.Failed("read");
                JournalLog.ReadFailed(log, segment.Path, reason.Message);
            },
            BatchLimit = options.BatchLimit,
            Thinned = (stream, count, summaries) => JournalLog.Thinned(log, stream.ToString(), count, summaries),
            Progressed = wakeup.Progressed,
            Damaged = (segment, stream, count) =>
            {
                quarantine.CountLost(count);
                segment.IsHeld |= !quarantine.Keep(segment.Path, "a commit in it cannot be read");
                JournalLog.Lost(log, stream.ToString(), count);
            },
        };
        var tailFile = recovered.Tail is { } tail ? TailFile.Open(files, folder, tail, recovered.TailLastCommit) : null;
        if (recovered.IsTailOlder)
        {
            tailFile!.Dispose();
            tailFile = null;
            recovered.Seal();
        }

        var streams = StreamRevival.Revive(recovered, host, quarantine, log, out var lost);
        foreach (var (path, length) in recovered.Spares)
        {
            pool.Add(path, length, suspect: false);
        }

        var segments = new SegmentSet(folder, files, recovered.Journal, options.SegmentSize, recovered.Generation);
        segments.Restore(recovered.Sealed, recovered.Tail);
        var gathering = new Gathering();
        var appender = new Appender(options, clock, metrics, wakeup, gathering);
        appender.Restore(streams, recovered.State, recovered.NextStream);
        if (options.NewEpochs)
        {
            appender.RenewEpochs();
        }

        var parts = new CommitterParts(
            options, clock, time, metrics, log, files, sumStart, appender, segments, pool, new Durability(), wakeup, gathering, new JournalRequests(wakeup), mark);
        committer = new Committer(parts, recovered.NextCommit, recovered.TailFirstCommit, tailFile);
        committer.MarkStart(recovered.Mark);
        var report = new JournalReport
        {
            IsNew = recovered.IsNew,
            Commits = recovered.Commits,
            Segments = segments.Count,
            CutBytes = recovered.CutBytes,
            Lost = lost,
            Quarantined = quarantine.Files,
            Duration = Stopwatch.GetElapsedTime(started),
        };
        if (report.CutBytes > 0)
        {
            JournalLog.TailCut(log, report.CutBytes);
        }

        JournalLog.Opened(log, report.Commits, report.Segments, streams.Count, (long)report.Duration.TotalMilliseconds);
        metrics.Observe(() => Figures(appender, clock));

        // Before anybody hears of the new epochs.
        var durable = options.NewEpochs && committer.CommitFirst();
        committer.Start();
        if (lost > 0)
        {
            // Upstream may be told at once: the numbers that are gone must be on the disk before others are given.
            wakeup.Commit();
        }

        return new Journal(held, parts, committer, host, quarantine, report) { AreEpochsDurable = durable };
    }

    private static IEnumerable<StreamFigures> Figures(Appender appender, IJournalClock clock)
    {
        var now = Moment.Of(clock);
        return appender.Streams.Select(s =>
        {
            var ledger = s.Ledger;
            var depth = (long)(ledger.Next - ledger.Oldest);
            var age = depth > 0 && s.Trim.Oldest is { } oldest ? oldest.AgeAt(now) : 0;
            return new StreamFigures(s.Id, depth, s.Bytes, TimeSpan.FromMilliseconds(age));
        });
    }

    private void Close()
    {
        _committer.Stop();

        // Who appends from now on, or did between the last commit and here, is told so.
        var last = _parts.Appender.Discard(null, Intake.Failed);
        if (last > _parts.Durability.DurableLsn)
        {
            _parts.Durability.Fail(last);
        }

        _parts.Pool.Stop();
        _parts.Wakeup.Dispose();
        foreach (var stream in _parts.Appender.Streams)
        {
            stream.Dispose();
        }

        _lock.Dispose();
    }
}
