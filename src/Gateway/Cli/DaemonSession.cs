using System.CommandLine;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>One command that only the running gateway can answer: finds it, ends in order on Ctrl+C, and puts into words what goes wrong.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="config">Its <c>--config</c>.</param>
/// <param name="catalog">The protocols that are built.</param>
internal sealed class DaemonSession(ParseResult parsed, Option<string> config, IReadOnlyList<IAdapterType> catalog)
{
    private TextWriter Error => parsed.InvocationConfiguration.Error;

    /// <param name="body">Returns the exit code.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(Func<ControlClient, CancellationToken, Task<int>> body, CancellationToken cancellation)
    {
        var problems = new ProblemList();
        var sources = ConfigurationFiles.Read(parsed.GetValue(config)!, problems);
        var configuration = ConfigurationLoader.Load(sources, catalog, problems);
        if (configuration is null)
        {
            problems.WriteTo(Error);
        }

        using var stop = new StopSignals(cancellation);
        try
        {
            // Also with a broken configuration: a gateway may run with the last good one.
            string[] folders = configuration is null ? [.. LastGood.DataFolders(sources)] : [configuration.Gateway.Data];
            using var client = await FindAsync(folders, stop.Token).ConfigureAwait(false);
            return client is not null ? await body(client, stop.Token).ConfigureAwait(false)
                : configuration is null ? ExitCode.BadConfiguration : ExitCode.Failed;
        }
        catch (ControlException e)
        {
            Error.WriteLine($"edge-gateway: {e.Line}");
            return ExitCode.Failed;
        }
        catch (OutputClosedException)
        {
            // head has seen enough.
            return ExitCode.Done;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            Error.WriteLine($"edge-gateway: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    private async Task<ControlClient?> FindAsync(string[] folders, CancellationToken cancellation)
    {
        string? closed = null;
        foreach (var folder in folders)
        {
            var (client, denied) = await ControlClient.FindAsync(folder, cancellation).ConfigureAwait(false);
            if (client is not null)
            {
                return client;
            }

            closed ??= denied;
        }

        Error.WriteLine(closed is null
            ? $"no gateway runs on {folders[0]}: start it with edge-gateway run, or look at systemctl status edge-gateway"
            : ControlException.Denied(closed).Line);
        return null;
    }
}
