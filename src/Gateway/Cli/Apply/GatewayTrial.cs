using System.Net.Http.Json;
using Gateway.Applying;
using Gateway.Identity;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>Has the running gateway try a configuration, and writes its file once it has proved itself.</summary>
internal sealed class GatewayTrial(ControlClient client, ApplyRequest request, ApplyWish wish, TextWriter output, TextWriter error, ApplyOutcome outcome)
{
    /// <summary>It says something every second, once what changes has been stopped and started.</summary>
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _told = [];
    private HashSet<string> _seen = [];
    private bool _runs;
    private bool _watched;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var plan = await client.AskAsync(HttpMethod.Post, PlanRoute.Path, ApplyJson.Lines.PlanDocument, cancellation, Content()).ConfigureAwait(false);
        if (plan.Difference is not { } difference)
        {
            (outcome.Result, outcome.Problems) = (ApplyOutcome.Refused, plan.Problems);
            error.WriteLine(string.Join('\n', plan.Problems));
            error.WriteLine("the running gateway refuses it: nothing was touched.");
            return ExitCode.BadConfiguration;
        }

        outcome.Difference = difference;
        new DifferenceText(output).Write(difference, wish.Target, isRunning: true);
        if (difference.NeedsRestart.Count > 0)
        {
            outcome.Result = ApplyOutcome.NeedsRestart;
            error.WriteLine(
                $"apply changes a running gateway, and cannot change that: nothing was touched. Put {wish.File} in the place of {wish.Target}, then systemctl restart edge-gateway; a gateway that cannot start with it falls back to what ran last.");
            return ExitCode.Failed;
        }

        if (wish.DryRun)
        {
            outcome.Result = ApplyOutcome.DryRun;
            return ExitCode.Done;
        }

        if (Consent.Ask(wish.Yes || difference.IsNothing, $"Apply it, and watch for {ConfigurationWords.Duration(wish.Watch)}?", error) is { } refused)
        {
            return refused;
        }

        using var file = ApplySession.Prepare(wish, request);
        return await TryAsync(file, cancellation).ConfigureAwait(false);
    }

    private async Task<int> TryAsync(PreparedFile? file, CancellationToken cancellation)
    {
        var code = ExitCode.Failed;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(s_longestSilence);
        try
        {
            await foreach (var line in client.LinesAsync(HttpMethod.Post, ApplyRoute.Path, ApplyJson.Lines.TrialLine, silence.Token, Content()).ConfigureAwait(false))
            {
                silence.CancelAfter(s_longestSilence);
                switch (line.Step)
                {
                    case TrialStep.TakenOver:
                        (_runs, _watched) = (true, line.Text is not null);
                        output.WriteLine(line.Text is null ? "taken over" : $"taken over; watched for {line.Text} (Ctrl+C takes it back)");
                        break;
                    case TrialStep.Watching:
                        TellPatience(line.Worse ?? []);
                        break;
                    case TrialStep.Proved:
                        code = await ProvedAsync(line, file).ConfigureAwait(false);
                        break;
                    case TrialStep.Kept:
                        outcome.Result = ApplyOutcome.Kept;
                        output.WriteLine(file is null ? $"kept: {wish.Target} is what runs" : $"kept: {wish.File} is now {wish.Target}");
                        break;
                    case TrialStep.RolledBack:
                        (outcome.Result, outcome.Reason, outcome.Worse) = (ApplyOutcome.RolledBack, line.Text, line.Worse ?? []);
                        error.WriteLine($"rolled back: {line.Text}");
                        Remedies(line.Worse);
                        error.WriteLine($"the configuration from before runs; {wish.Target} is {(file is null ? "as you wrote it: correct it before the next start" : "as it was")}");
                        return ExitCode.Failed;
                }
            }

            return code;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ControlException(
                ControlProblem.Unavailable, $"the gateway has not answered for {s_longestSilence.TotalSeconds:0} s: {wish.Target} is as it was", "it takes the change back once it goes on; else systemctl restart edge-gateway");
        }
        catch (ControlException e) when (e.Problem == ControlProblem.Unavailable && _runs)
        {
            throw new ControlException(
                ControlProblem.Unavailable, $"the gateway ended during the trial: {wish.Target} is as it was, and what it says runs from its next start", "look at edge-gateway status and journalctl -u edge-gateway");
        }
    }

    private async Task<int> ProvedAsync(TrialLine line, PreparedFile? file)
    {
        (outcome.Worse, outcome.NotWell) = (line.Worse ?? [], _watched ? line.NotWell ?? [] : []);
        Remedies(line.Worse);
        foreach (var fault in _watched ? line.NotWell ?? [] : [])
        {
            output.WriteLine($"{(fault.Awaited is true ? "awaited" : "not well, and was not before")}: {fault.What}: {fault.Why}{(fault.Remedy is null ? "" : $"; {fault.Remedy}")}");
        }

        file?.Publish();

        // From here on it is done: an interruption comes too late.
        await client.AskAsync(HttpMethod.Post, $"{ConfirmRoute.Path}?trial={line.Trial}", ControlJson.Default.ControlEndDocument, CancellationToken.None).ConfigureAwait(false);
        return line.Worse is { Count: > 0 } || (wish.Keep && line.NotWell?.Any(static f => f.Awaited is not true) == true) ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Each thing once, when it was not well twice: that a link starts anew is no news.</summary>
    private void TellPatience(IReadOnlyList<HealthFault> faults)
    {
        foreach (var fault in faults.Where(f => _seen.Contains(f.What) && _told.Add(f.What)))
        {
            output.WriteLine($"not well yet: {fault.What}: {fault.Why}");
        }

        _seen = [.. faults.Select(f => f.What)];
    }

    private void Remedies(IReadOnlyList<HealthFault>? faults)
    {
        foreach (var fault in faults ?? [])
        {
            error.WriteLine($"  {fault.What}: {fault.Why}{(fault.Remedy is null ? "" : $"; {fault.Remedy}")}");
        }
    }

    private JsonContent Content() => JsonContent.Create(request, ApplyJson.Lines.ApplyRequest);
}
