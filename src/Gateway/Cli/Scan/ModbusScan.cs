using Gateway.Adapters.Modbus;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>Asks unit after unit of one line.</summary>
/// <param name="units">Whom to ask.</param>
/// <param name="isChosen">These units were named.</param>
/// <param name="report">Hears who is there.</param>
/// <param name="error">Where progress is shown.</param>
internal sealed class ModbusScan(IReadOnlyList<byte> units, bool isChosen, ScanReport report, TextWriter error)
{
    /// <summary>So many units in a row that all answer are one device that does not look at the unit identifier.</summary>
    private const int AllTheSame = 8;

    /// <returns>The exit code.</returns>
    /// <exception cref="ControlException">The line cannot be used.</exception>
    public async Task<int> RunAsync(OpenLine line, CancellationToken cancellation)
    {
        var probe = new UnitProbe(line.Access, TimeProvider.System);
        using var progress = new ProgressLine(error, units.Count);
        var found = 0;
        for (var i = 0; i < units.Count; i++)
        {
            progress.Show(i, $"{line.Place}: unit {units[i]}, {i + 1} of {units.Count}, {report.Count} found");
            var (here, trouble) = await probe.AskAsync(units[i], cancellation).ConfigureAwait(false);
            if (trouble is not null)
            {
                progress.Dispose();
                throw new ControlException(ControlProblem.Unavailable, $"{line.Place}: {trouble.Reason}", trouble.Remedy!);
            }

            if (here is null)
            {
                continue;
            }

            progress.Dispose();
            report.Take(line, here);
            if (++found == AllTheSame && i + 1 == AllTheSame && !isChosen)
            {
                report.AnswersToAll(line);
                break;
            }
        }

        return ExitCode.Done;
    }
}
