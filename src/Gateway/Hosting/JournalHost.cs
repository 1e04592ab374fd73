using Gateway.Core;
using Gateway.Diagnostics;
using Gateway.Identity;
using Gateway.Storage;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>The data folder, held by this process: the journal, the identity, the place of the control socket.</summary>
internal sealed class JournalHost : IHeartbeat, IAsyncDisposable
{
    /// <summary>A card that is busy with itself can hold an fdatasync this long.</summary>
    private static readonly TimeSpan s_longestSync = TimeSpan.FromSeconds(60);

    /// <summary>A turn takes microseconds; the heart is asked for every few seconds.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    private readonly Journal _journal;
    private readonly StorageMetrics _metrics;
    private readonly string? _from;
    private readonly TimeProvider _time;
    private string? _toldDamage;

    private JournalHost(Journal journal, StorageMetrics metrics, string folder, StoredIdentity identity, string? from, TimeProvider time)
    {
        (_journal, _metrics, Folder, Identity, _from, _time) = (journal, metrics, folder, identity, from, time);
        ControlSocket = Web.ControlSocket.PathFor(folder);
        Kept = new KeptStates(new DiskFiles(), folder, identity, metrics.WroteState);
    }

    public StoredIdentity Identity { get; }

    public IOutbox Outbox => _journal.Outbox;

    public OutboxAdministration Administration => _journal.Administration;

    public IStateStore State => _journal.State;

    /// <summary>Where adapters keep their states.</summary>
    public KeptStates Kept { get; }

    public string ControlSocket { get; }

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    public string Name => "journal";

    /// <summary>What is wrong with the disk, for people; null: nothing.</summary>
    public string? Problem => _journal.Condition switch
    {
        Intake.Full => $"the disk of {Folder} is full: messages are refused until there is space; free some or make the outbox smaller",
        Intake.Open when _journal.LacksSpace => $"the disk of {Folder} is full: queues drop or refuse what their when-full says; free some space or make the outbox smaller",
        Intake.Failed => $"writing to {Folder} fails: nothing can be acknowledged until it works again; see dmesg, and replace the card",
        _ when Damage is { } damage => $"{damage}; check the card (dmesg), and replace it",
        _ => null,
    };

    /// <summary>ok, full, failed or damaged.</summary>
    public string Condition => _journal.Condition == Intake.Failed ? "failed"
        : _journal.Condition == Intake.Full || _journal.LacksSpace ? "full"
        : Damage is null ? StatusReport.Ok : "damaged";

    private string? Damage
    {
        get
        {
            var (files, lost) = (_journal.Quarantined, _journal.Lost);
            var what = new List<string>();
            if (files.Count > 0)
            {
                what.Add($"damaged journal files ({string.Join(", ", files.Select(f => f.Name))}) were put aside in {files[0].Folder}");
            }

            if (lost > 0)
            {
                what.Add($"{lost} messages are lost and told as gaps");
            }

            return what.Count > 0 ? string.Join("; ", what) : null;
        }
    }

    /// <summary>What was written to the journal's files, and how fast.</summary>
    public WearFigures Wear => _metrics.Wear;

    /// <summary>Bytes that the journal's files take; -1 while the disk does not say.</summary>
    public long BytesOnDisk
    {
        get
        {
            try
            {
                return new DirectoryInfo(Path.Combine(Folder, "journal")).EnumerateFiles().Sum(LengthOf);
            }
            catch (IOException)
            {
                // The disk fails, which Problem tells; the status goes on without the figure.
                return -1;
            }
        }
    }

    /// <exception cref="JournalException">The journal cannot be opened.</exception>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    public static JournalHost Open(GatewayConfiguration configuration, ClockTrust clock, TimeProvider time, ILoggerFactory logs)
    {
        var folder = configuration.Gateway.Data;
        Directory.CreateDirectory(folder);
        var metrics = new StorageMetrics(time, configuration.Gateway.StorageEndurance);
        var machine = MachineIdentity.Read();
        var from = StoredIdentity.CameFrom(folder, machine);
        var journal = Journal.Open(
            folder, new JournalOptions { CommitWindow = WindowOf(configuration), NewEpochs = from is not null }, new JournalClock(clock, time), time, metrics,
            logs.CreateLogger<Journal>());

        // After the lock: a second process must not count a start. After the new epochs: the power may go in between, and then they are made again.
        var identity = StoredIdentity.Start(folder, configuration.Gateway.Id, from is null || journal.AreEpochsDurable ? machine : null);
        return new JournalHost(journal, metrics, folder, identity, from, time);
    }

    /// <summary>Commits as often as this configuration wants from now on.</summary>
    public void Take(GatewayConfiguration configuration) => _journal.CommitWindow = WindowOf(configuration);

    /// <summary>Tells once that the folder came from another machine.</summary>
    public void TellClone(Alerts alerts)
    {
        if (_from?.StartsWith(MachineIdentity.BackupPrefix, StringComparison.Ordinal) == true)
        {
            alerts.Raise(
                "restored",
                $"{Folder} was restored from the {_from}: what was queued then is sent again as it was, new messages have new epochs",
                "nothing, if the gateway that was backed up is gone; else never run both: give one of them an empty data folder and another gateway.id");
        }
        else if (_from is not null)
        {
            alerts.Raise(
                "clone",
                $"{Folder} was last used on another machine: this gateway goes on with its id and its queues, new messages have new epochs",
                "never run both: give one of them an empty data folder and another gateway.id");
        }
    }

    /// <summary>Tells what was found damaged since it was told last: at the start, or in an old segment when its turn came.</summary>
    public void TellDamage(Alerts alerts)
    {
        if (Damage is { } damage && damage != _toldDamage)
        {
            _toldDamage = damage;
            alerts.Raise("quarantine", damage, "check the card (dmesg), and replace it");
        }
    }

    /// <summary>Whether the journal's thread takes the turn that is asked for. Inside fdatasync it cannot, and is alive.</summary>
    public async ValueTask<bool> IsBeatingAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var turns = _journal.Turns;
        _journal.Beat();
        for (var waited = TimeSpan.Zero; _journal.Turns == turns; waited += s_look)
        {
            if (waited >= patience)
            {
                return _journal.Syncing is var syncing && syncing > TimeSpan.Zero && syncing < s_longestSync;
            }

            await Task.Delay(s_look, _time, cancellation).ConfigureAwait(false);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    private static TimeSpan WindowOf(GatewayConfiguration configuration) =>
        configuration.Bridges.Count == 0 ? JournalOptions.DefaultCommitWindow : configuration.Bridges.Min(b => b.Outbox.Commit);

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // Recycled under another name since it was listed.
            return 0;
        }
    }
}
