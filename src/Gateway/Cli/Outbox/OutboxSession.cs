using System.CommandLine;
using Gateway.Core;
using Gateway.OutboxControl;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>One command on the outbox: finds who answers, and puts into words what goes wrong.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="config">Its <c>--config</c>.</param>
/// <param name="catalog">The protocols that are built.</param>
internal sealed class OutboxSession(ParseResult parsed, Option<string> config, IReadOnlyList<IAdapterType> catalog)
{
    public TextWriter Output => parsed.InvocationConfiguration.Output;

    public TextWriter Error => parsed.InvocationConfiguration.Error;

    /// <param name="writes">Something shall be changed.</param>
    /// <param name="body">Returns the exit code.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(bool writes, Func<IOutboxControl, CancellationToken, Task<int>> body, CancellationToken cancellation) =>
        RunAsync((configuration, stop) => AskAsync(configuration, writes, body, stop), cancellation);

    /// <param name="body">Returns the exit code.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(Func<GatewayConfiguration, CancellationToken, Task<int>> body, CancellationToken cancellation)
    {
        var (configuration, problems) = ConfigurationLoader.Load(parsed.GetValue(config)!, catalog);
        if (configuration is null)
        {
            problems.WriteTo(Error);

            return ExitCode.BadConfiguration;
        }

        return await GuardAsync(stop => body(configuration, stop), cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends in order when interrupted, and says in one line what goes wrong.</summary>
    /// <param name="body">Returns the exit code.</param>
    /// <param name="cancellation">Ends the command.</param>
    public async Task<int> GuardAsync(Func<CancellationToken, Task<int>> body, CancellationToken cancellation)
    {
        using var stop = new StopSignals(cancellation);
        try
        {
            return await body(stop.Token).ConfigureAwait(false);
        }
        catch (ControlException e)
        {
            Error.WriteLine($"edge-gateway: {e.Line}");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or Storage.JournalException)
        {
            Error.WriteLine($"edge-gateway: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Error.WriteLine("edge-gateway: interrupted");
            return ExitCode.Failed;
        }
    }

    private static async Task<int> AskAsync(
        GatewayConfiguration configuration, bool writes, Func<IOutboxControl, CancellationToken, Task<int>> body, CancellationToken cancellation)
    {
        var (client, denied) = await ControlClient.FindAsync(configuration.Gateway.Data, cancellation).ConfigureAwait(false);
        if (client is not null)
        {
            using (client)
            {
                return await body(new RemoteOutbox(client), cancellation).ConfigureAwait(false);
            }
        }

        await using var journal = OfflineJournal.Open(configuration, writes, denied);
        return await body(journal.Outbox, cancellation).ConfigureAwait(false);
    }
}
