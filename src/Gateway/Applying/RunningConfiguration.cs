using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Diagnostics;
using Gateway.Web;
using Microsoft.Extensions.Logging;

namespace Gateway.Applying;

/// <summary>Which configuration runs, and the way to another one: taken over, watched, kept or rolled back. One at a time.</summary>
/// <remarks>
/// The file changes last, written by who asked, after the trial. So at every moment the disk holds a configuration that has run: whatever ends the trial early — the
/// one who asked goes away, this process dies, the power goes — leads back to it.
/// </remarks>
internal sealed class RunningConfiguration(
    GatewayConfiguration started, IReadOnlyList<IAdapterType> catalog, Func<GatewayConfiguration, CancellationToken, Task> takeOver, Action<string, string, string> alert,
    Action<string, Func<CancellationToken, Task>> run, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <summary>To write a file, and say so.</summary>
    private static readonly TimeSpan s_writing = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private GatewayConfiguration _settled = started;
    private ConfigurationSection _section = new(
        started.Files.Count == 0 ? "" : started.Files[0], time.GetUtcNow(), "the start", null, started.InsteadOf);

    private Trial? _trial;
    private int _trials;

    /// <summary>How everything is.</summary>
    public Func<StatusReport>? Status { get; set; }

    /// <summary>The one that has proved itself, or that ran from the start; not one on trial.</summary>
    public GatewayConfiguration Settled => Volatile.Read(ref _settled);

    /// <summary>For status.</summary>
    public ConfigurationSection Section => Volatile.Read(ref _section);

    /// <summary>What a configuration would change, or why it cannot run here.</summary>
    public PlanDocument Plan(ApplyRequest request) => Prepare(request, out var problems) is { } next
        ? new PlanDocument([], ConfigurationDifference.Between(Settled, next))
        : new PlanDocument(problems, null);

    /// <summary>Puts a configuration on trial.</summary>
    /// <param name="request">Which one.</param>
    /// <param name="by">Who asks.</param>
    /// <exception cref="ControlException">It cannot run, or only after a restart, or another one is on trial.</exception>
    public Trial Begin(ApplyRequest request, string by)
    {
        lock (_lock)
        {
            if (_trial is { } other)
            {
                throw new ControlException(
                    ControlProblem.Unavailable, $"the configuration of {other.Request.From} is on trial already, asked for by {other.By}", "wait until it is kept or rolled back (edge-gateway status)");
            }

            var next = Prepare(request, out var problems)
                ?? throw new ControlException(ControlProblem.BadRequest, string.Join("\n", problems), "correct that");
            var difference = ConfigurationDifference.Between(_settled, next);
            if (difference.NeedsRestart.Count > 0)
            {
                throw new ControlException(ControlProblem.BadRequest, $"{string.Join(", ", difference.NeedsRestart)} can only change with a restart", "put the file in place, and restart the gateway");
            }

            var trial = _trial = new Trial(++_trials, next, request, by, difference.IsNothing);
            run($"trial {trial.Number}", stop => RunAsync(trial, stop));
            return trial;
        }
    }

    /// <summary>The file of the configuration on trial is written.</summary>
    /// <exception cref="ControlException">It is not on trial any more.</exception>
    public void Confirm(int number)
    {
        lock (_lock)
        {
            if (_trial?.Number != number)
            {
                throw new ControlException(ControlProblem.NotFound, $"trial {number} has ended", "see edge-gateway status");
            }

            _trial.Confirm();
        }
    }

    private GatewayConfiguration? Prepare(ApplyRequest request, out IReadOnlyList<string> problems)
    {
        var list = new ProblemList();
        var next = ConfigurationLoader.Load(request.Sources, catalog, list, withFiles: true);
        problems = [.. list.All.Where(static p => !p.IsWarning).Select(static p => p.ToString())];
        if (next is null)
        {
            return null;
        }

        // As at a start: an id that nobody wrote is the one that was made.
        next = next with { Gateway = next.Gateway with { Id = next.Gateway.Id ?? Settled.Gateway.Id } };
        problems = [.. next.Bridges.Select(UpstreamFiles.Check).OfType<string>()];
        return problems.Count > 0 ? null : Grafting.Onto(Settled, next);
    }

    private async Task RunAsync(Trial trial, CancellationToken stop)
    {
        try
        {
            await TryAsync(trial, stop).ConfigureAwait(false);
        }
        finally
        {
            trial.End();
            lock (_lock)
            {
                _trial = null;
            }
        }
    }

    private async Task TryAsync(Trial trial, CancellationToken stop)
    {
        var before = HealthSnapshot.Of(Status!());
        var until = time.GetUtcNow() + trial.Watch;
        ApplyLog.TakenOver(log, trial.Request.From, trial.By, trial.Watch.TotalSeconds);
        Volatile.Write(ref _section, Section with { OnTrial = trial.Request.From, WatchedUntil = until });
        try
        {
            await takeOver(trial.Configuration, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            if (e is not (BrokerStartException or IOException or UnauthorizedAccessException))
            {
                ApplyLog.Defect(log, e);
            }

            await RollBackAsync(trial, e.Message, null, stop).ConfigureAwait(false);
            return;
        }

        trial.Tell(TrialStep.TakenOver, trial.Watch == TimeSpan.Zero ? null : ConfigurationWords.Duration(trial.Watch));
        if (await WatchAsync(trial, before, stop).ConfigureAwait(false))
        {
            await SettleAsync(trial, before, stop).ConfigureAwait(false);
        }
    }

    /// <returns>false: it is rolled back.</returns>
    private async Task<bool> WatchAsync(Trial trial, HealthSnapshot before, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        while (trial.Watch - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            if (await Task.WhenAny(trial.Left, Task.Delay(left < s_look ? left : s_look, time, stop)).ConfigureAwait(false) == trial.Left)
            {
                await RollBackAsync(trial, "whoever applied it went away, or took it back, before it had proved itself", null, stop).ConfigureAwait(false);
                return false;
            }

            stop.ThrowIfCancellationRequested();
            var now = HealthSnapshot.Of(Status!());
            trial.Tell(TrialStep.Watching, null, now.NotWellEither(before), now.WorseThan(before));
        }

        var worse = HealthSnapshot.Of(Status!()).WorseThan(before);
        if (worse.Count == 0 || trial.Request.Keep)
        {
            return true;
        }

        await RollBackAsync(trial, $"{string.Join("; ", worse.Select(w => $"{w.What}: {w.Why}"))}, and was well before", worse, stop).ConfigureAwait(false);
        return false;
    }

    private async Task SettleAsync(Trial trial, HealthSnapshot before, CancellationToken stop)
    {
        var now = HealthSnapshot.Of(Status!());
        trial.Tell(TrialStep.Proved, null, now.NotWellEither(before), now.WorseThan(before));
        await Task.WhenAny(trial.Written, trial.Left, Task.Delay(s_writing, time, stop)).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        if (!trial.Written.IsCompleted && !IsOnDisk(trial))
        {
            await RollBackAsync(trial, "whoever applied it went away before its file was written", null, stop).ConfigureAwait(false);
            return;
        }

        Volatile.Write(ref _settled, trial.Configuration);
        Volatile.Write(ref _section, new ConfigurationSection(trial.Configuration.Files[0], time.GetUtcNow(), $"{trial.Request.From}, applied by {trial.By}", null, null));
        try
        {
            LastGood.Keep(trial.Configuration, time.GetUtcNow());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ApplyLog.NotKept(log, e.Message);
        }

        ApplyLog.Kept(log, trial.Request.From);
        trial.Tell(TrialStep.Kept, null);
    }

    /// <summary>A failure here ends the process: started again, it runs what the disk holds, which is what ran before.</summary>
    private async Task RollBackAsync(Trial trial, string why, IReadOnlyList<HealthFault>? worse, CancellationToken stop)
    {
        await takeOver(Settled, stop).ConfigureAwait(false);
        why += Queued(trial);
        Volatile.Write(ref _section, Section with { OnTrial = null, WatchedUntil = null, RolledBack = $"the configuration of {trial.Request.From} was rolled back at {time.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC: {why}" });
        alert("rolled-back", $"the configuration of {trial.Request.From} was rolled back: {why}", "the one before runs; correct the file and apply it again");
        trial.Tell(TrialStep.RolledBack, why, null, worse);
    }

    /// <summary>Nothing that was acknowledged is thrown away, not even by this.</summary>
    private string Queued(Trial trial) =>
        trial.Configuration.Bridges.Select(b => b.Id).Except(Settled.Bridges.Select(b => b.Id)).ToList() is { Count: > 0 } bridges
            ? $"; what was queued for {string.Join(", ", bridges)} meanwhile is kept (edge-gateway outbox list)"
            : "";

    private static bool IsOnDisk(Trial trial) =>
        ConfigurationFiles.Read(trial.Configuration.Files[0], new ProblemList()).SequenceEqual(trial.Configuration.Sources);
}
