using System.Text;
using Gateway.Applying;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Identity;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>One apply, from the check to the end of the trial.</summary>
internal sealed class ApplySession(ApplyWish wish, IReadOnlyList<IAdapterType> catalog, TextWriter output, TextWriter error, ApplyOutcome outcome)
{
    /// <summary>Readable for everybody: secrets stand in files of their own.</summary>
    private const UnixFileMode NewFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private bool IsInPlace => wish.File == wish.Target;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var stop = new StopSignals(cancellation);
        try
        {
            return await ApplyAsync(stop.Token).ConfigureAwait(false);
        }
        catch (ControlException e)
        {
            outcome.Reason = e.Line;
            error.WriteLine($"edge-gateway: {e.Line}");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            outcome.Reason = e.Message;
            error.WriteLine($"edge-gateway: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            (outcome.Result, outcome.Reason) = (ApplyOutcome.RolledBack, "interrupted");
            error.WriteLine($"interrupted: the gateway goes back to what ran before, {wish.Target} is as it was");
            return ExitCode.Failed;
        }
    }

    private async Task<int> ApplyAsync(CancellationToken cancellation)
    {
        var (sources, next) = Check();
        if (next is null)
        {
            return ExitCode.BadConfiguration;
        }

        var old = ConfigurationFiles.Read(wish.Target, new ProblemList());
        var request = new ApplyRequest(sources, wish.File, wish.Watch.TotalSeconds, wish.Keep);
        foreach (var folder in LastGood.DataFolders(old).Prepend(next.Gateway.Data).Distinct())
        {
            var (client, denied) = await ControlClient.FindAsync(folder, cancellation).ConfigureAwait(false);
            if (denied is not null && client is null)
            {
                throw ControlException.Denied(denied);
            }

            if (client is not null)
            {
                using (client)
                {
                    return await new GatewayTrial(client, request, wish, output, error, outcome).RunAsync(cancellation).ConfigureAwait(false);
                }
            }
        }

        return WithoutGateway(next, old);
    }

    /// <summary>As it would be at a start with FILE in the place of the configuration; positions name FILE.</summary>
    private (IReadOnlyList<ConfigurationSource> Sources, GatewayConfiguration? Configuration) Check()
    {
        var (problems, reading) = (new ProblemList(), new ProblemList());
        var main = ConfigurationFiles.Read(wish.File, reading)[0];
        var others = ConfigurationFiles.Read(wish.Target, new ProblemList()).Skip(1);
        IReadOnlyList<ConfigurationSource> sources = [new(wish.Target, main.Text), .. others];
        var next = main.Text is null ? null : ConfigurationLoader.Load(sources, catalog, problems, withFiles: true);
        var told = reading.All.Where(p => p.Position.File == wish.File)
            .Concat(problems.All.Select(p => p.Position.File == wish.Target ? p with { Position = p.Position with { File = wish.File } } : p)).ToList();
        told.ForEach(error.WriteLine);
        outcome.Problems = [.. told.Select(static p => $"{p}")];
        if (next is null)
        {
            outcome.Result = ApplyOutcome.Refused;
            var errors = told.Count(static p => !p.IsWarning);
            error.WriteLine($"{(errors == 1 ? "1 error" : $"{errors} errors")}: nothing was touched.");
        }

        return (sources, next);
    }

    private int WithoutGateway(GatewayConfiguration next, IReadOnlyList<ConfigurationSource> old)
    {
        var before = ConfigurationLoader.Load(old, catalog, new ProblemList());
        if (before is not null)
        {
            outcome.Difference = ConfigurationDifference.Between(before, Grafting.Onto(before, next));
            new DifferenceText(output).Write(outcome.Difference, wish.Target, isRunning: false);
        }

        output.WriteLine($"no gateway runs on this configuration: {wish.File} would count from its next start");
        outcome.Result = wish.DryRun ? ApplyOutcome.DryRun : ApplyOutcome.Written;
        if (wish.DryRun || IsInPlace)
        {
            return ExitCode.Done;
        }

        if (Consent.Ask(wish.Yes, $"Write it to {wish.Target}?", error) is { } refused)
        {
            outcome.Result = ApplyOutcome.Failed;
            return refused;
        }

        using var file = PreparedFile.Write(wish.Target, Encoding.UTF8.GetBytes(next.Sources[0].Text!), NewFile);
        file.Publish();
        output.WriteLine($"written to {wish.Target}");
        return ExitCode.Done;
    }

    /// <summary>Where it shall go, ready to take its place.</summary>
    internal static PreparedFile? Prepare(ApplyWish wish, ApplyRequest request) =>
        wish.File == wish.Target ? null : PreparedFile.Write(wish.Target, Encoding.UTF8.GetBytes(request.Sources[0].Text!), NewFile);
}
