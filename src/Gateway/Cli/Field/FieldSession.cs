using System.CommandLine;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>One field tool at work: finds the line, through the running gateway where that holds it, ends in order on Ctrl+C, and puts into words what goes wrong.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="choice">Its options for the line.</param>
/// <param name="catalog">The protocols that are built.</param>
internal sealed class FieldSession(ParseResult parsed, LineChoice choice, IReadOnlyList<IAdapterType> catalog)
{
    private LineOpening? _opening;

    public TextWriter Output => parsed.InvocationConfiguration.Output;

    public TextWriter Error => parsed.InvocationConfiguration.Error;

    /// <summary>What is wrong with the command line, in its own words.</summary>
    public int Misused(string problem)
    {
        Error.WriteLine($"edge-gateway: {problem}");
        return ExitCode.WrongUsage;
    }

    /// <param name="device">A device of the configuration, on whose link and unit the tool works; null: what the options say.</param>
    /// <param name="body">Returns the exit code.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <param name="whenInterrupted">Exit code of Ctrl+C, where that is not how the tool ends anyway.</param>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(string? device, Func<OpenLine, CancellationToken, Task<int>> body, CancellationToken cancellation, int whenInterrupted = ExitCode.Failed) =>
        GuardAsync(stop => OpenAsync(device, body, stop), cancellation, whenInterrupted);

    /// <summary>Opens a line inside of <see cref="GuardAsync"/>; several may be open at the same time.</summary>
    public Task<int> OpenAsync(string? device, Func<OpenLine, CancellationToken, Task<int>> body, CancellationToken cancellation, ModbusLinkOptions? instead = null) =>
        _opening!.RunAsync(device, body, cancellation, instead);

    /// <param name="body">Returns the exit code.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <param name="whenInterrupted">Exit code of Ctrl+C, where that is not how the tool ends anyway.</param>
    public async Task<int> GuardAsync(Func<CancellationToken, Task<int>> body, CancellationToken cancellation, int whenInterrupted = ExitCode.Failed)
    {
        using var stop = new StopSignals(cancellation);
        using var opening = _opening = new(parsed, choice, catalog, Error);
        try
        {
            return await body(stop.Token).ConfigureAwait(false);
        }
        catch (ControlException e)
        {
            Error.WriteLine($"edge-gateway: {e.Line}");
            return e.Problem == ControlProblem.BadRequest ? ExitCode.WrongUsage : ExitCode.Failed;
        }
        catch (OutputClosedException)
        {
            // head has seen enough.
            return ExitCode.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            Error.WriteLine($"edge-gateway: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (whenInterrupted != ExitCode.Done)
            {
                Error.WriteLine("edge-gateway: interrupted");
            }

            return whenInterrupted;
        }
    }
}
